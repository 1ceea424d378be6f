//! Areas that inference profiles lead to: `us` of `us.anthropic.claude-...`.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html>
//!
//! assumed: every profile of an area leads to the same regions; at AWS they differ from model to model.

/// By the name in ids: the name for people, and the regions. `global` leads to all, which AWS writes as no region.
const AREAS: &[(&str, &str, &[&str])] = &[
    ("us", "US", &["us-east-1", "us-east-2", "us-west-2"]),
    ("eu", "EU", &["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"]),
    ("apac", "APAC", &["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"]),
    ("jp", "JP", &["ap-northeast-1", "ap-northeast-3"]),
    ("au", "AU", &["ap-southeast-2", "ap-southeast-4"]),
    ("ca", "CA", &["ca-central-1", "ca-west-1"]),
    ("global", "Global", &[""]),
];

/// The regions that a profile of this area leads to.
pub fn regions(area: &str) -> Option<&'static [&'static str]> {
    AREAS.iter().find(|(name, ..)| *name == area).map(|(.., regions)| *regions)
}

/// What a person calls it.
pub fn title(area: &str) -> &'static str {
    AREAS.iter().find(|(name, ..)| *name == area).map_or("", |(_, title, _)| title)
}

/// Whether callers in this region are offered the profiles of that area.
pub fn is_offered_in(area: &str, region: &str) -> bool {
    match area {
        "global" => true,
        "us" => region.starts_with("us-") || region.starts_with("ca-"),
        "eu" => region.starts_with("eu-"),
        "apac" => region.starts_with("ap-"),
        "ca" => region.starts_with("ca-"),
        other => regions(other).is_some_and(|regions| regions.contains(&region)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_offered_where_it_lies() {
        for (area, region, expected) in [
            ("us", "us-west-1", true),
            ("us", "eu-west-1", false),
            ("eu", "eu-south-1", true),
            ("jp", "ap-northeast-3", true),
            ("jp", "ap-northeast-2", false),
            ("au", "ap-southeast-4", true),
            ("apac", "ap-south-2", true),
            ("global", "sa-east-1", true),
            ("mars", "us-east-1", false),
        ] {
            assert_eq!(is_offered_in(area, region), expected, "{area} in {region}");
        }
    }
}
