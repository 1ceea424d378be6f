//! Numbers that prove themselves: their last digit, or their sum, follows from the others.

/// Cards, and Canadian social insurance numbers: every second digit from the right counts double.
pub fn luhn(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).rev();
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, double) if double > 9 => double - 9,
                (_, double) => double,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// International bank account numbers: as one number, letters counted from 10, they leave 1 when divided by 97.
pub fn iban(number: &str) -> bool {
    let letters: Vec<u32> = number.chars().filter_map(|letter| letter.to_digit(36)).collect();
    let (head, tail) = letters.split_at(4.min(letters.len()));
    let rest = tail.iter().chain(head).fold(0, |rest: u32, value| {
        let shift = if *value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    });
    rest == 1
}

/// North American vehicles: the ninth letter is the weighted sum of all, of 11, `X` for 10.
pub fn vehicle(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |letter: char| match letter {
        'A'..='H' => letter as u32 - 'A' as u32 + 1,
        'J'..='N' => letter as u32 - 'J' as u32 + 1,
        'P' => 7,
        'R' => 9,
        'S'..='Z' => letter as u32 - 'S' as u32 + 2,
        digit => digit.to_digit(10).unwrap_or(0),
    };
    let sum: u32 = number.chars().zip(WEIGHTS).map(|(letter, weight)| value(letter) * weight).sum();
    let check = if sum % 11 == 10 { Some('X') } else { char::from_digit(sum % 11, 10) };
    number.len() == 17 && number.chars().nth(8) == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_prove_themselves() {
        for (proves, number, expected) in [
            (luhn as fn(&str) -> bool, "4111 1111 1111 1111", true),
            (luhn, "4111 1111 1111 1112", false),
            (luhn, "378282246310005", true),
            (iban, "DE89 3704 0044 0532 0130 00", true),
            (iban, "DE88 3704 0044 0532 0130 00", false),
            (iban, "GB82WEST12345698765432", true),
            (iban, "", false),
            (vehicle, "1M8GDM9AXKP042788", true),
            (vehicle, "1M8GDM9A1KP042788", false),
            (vehicle, "1M8", false),
        ] {
            assert_eq!(proves(number), expected, "{number}");
        }
    }
}
