//! The words that must stand in double quotes to be names.
//!
//! SQL-92's reserved words without the parts of a date, and those of PartiQL.
//! <https://partiql.org/assets/PartiQL-Specification.pdf>

pub fn is_keyword(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    SQL.split_ascii_whitespace().chain(PARTIQL.split_ascii_whitespace()).any(|keyword| keyword == word)
}

/// Keywords that begin a call when a parenthesis follows.
pub fn is_function(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["exists", "size", "upper", "lower", "char_length", "character_length", "count", "sum", "avg", "min", "max"]
        .contains(&word.as_str())
}

/// Words that are operators, where a term is expected.
pub fn is_operator(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["and", "or", "is", "in", "like", "between", "union", "intersect", "except"].contains(&word.as_str())
}

const SQL: &str = "\
    absolute action add all allocate alter and any are as asc assertion at authorization avg begin between bit \
    bit_length by cascade cascaded case cast catalog char character character_length char_length check close \
    coalesce collate collation column commit connect connection constraint constraints continue convert \
    corresponding count create cross current current_date current_time current_timestamp current_user cursor date \
    deallocate dec decimal declare default deferrable deferred delete desc describe descriptor diagnostics \
    disconnect distinct domain double drop else end escape except exception exec execute exists external extract \
    false fetch first float for foreign found from full get global go goto grant group having identity immediate in \
    indicator initially inner input insensitive insert int integer intersect interval into is isolation join key \
    language last left level like local lower match max min module names national natural nchar next no not null \
    nullif numeric octet_length of on only open option or order outer output overlaps pad partial position precision \
    prepare preserve primary prior privileges procedure public read real references relative restrict revoke right \
    rollback rows schema scroll section select session session_user set size smallint some space sql sqlcode \
    sqlerror sqlstate substring sum system_user table temporary then time timestamp to transaction translate \
    translation trim true union unique unknown update upper usage user using value values varchar varying view when \
    whenever where with work write zone";

const PARTIQL: &str = "\
    bag blob bool boolean clob index let limit list missing pivot remove returning sexp string struct symbol tuple \
    unpivot";
