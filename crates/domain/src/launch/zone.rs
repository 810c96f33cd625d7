//! On which clock an account lives, as its country tells.

/// The time zone (IANA name) of a country, ISO 3166-1 alpha-2; where there are several, that of its capital or of most
/// of its companies. Nothing for a country nobody has written down here.
#[must_use]
pub fn zone_of(country: &str) -> Option<&'static str> {
    Some(match country.trim().to_ascii_uppercase().as_str() {
        "AE" => "Asia/Dubai",
        "AR" => "America/Argentina/Buenos_Aires",
        "AT" => "Europe/Vienna",
        "AU" => "Australia/Sydney",
        "BE" => "Europe/Brussels",
        "BR" => "America/Sao_Paulo",
        "CA" => "America/Toronto",
        "CH" => "Europe/Zurich",
        "CL" => "America/Santiago",
        "CN" => "Asia/Shanghai",
        "CZ" => "Europe/Prague",
        "DE" => "Europe/Berlin",
        "DK" => "Europe/Copenhagen",
        "EE" => "Europe/Tallinn",
        "ES" => "Europe/Madrid",
        "FI" => "Europe/Helsinki",
        "FR" => "Europe/Paris",
        "GB" => "Europe/London",
        "GR" => "Europe/Athens",
        "HU" => "Europe/Budapest",
        "IE" => "Europe/Dublin",
        "IL" => "Asia/Jerusalem",
        "IN" => "Asia/Kolkata",
        "IT" => "Europe/Rome",
        "JP" => "Asia/Tokyo",
        "KR" => "Asia/Seoul",
        "LU" => "Europe/Luxembourg",
        "MX" => "America/Mexico_City",
        "NL" => "Europe/Amsterdam",
        "NO" => "Europe/Oslo",
        "NZ" => "Pacific/Auckland",
        "PL" => "Europe/Warsaw",
        "PT" => "Europe/Lisbon",
        "RO" => "Europe/Bucharest",
        "SE" => "Europe/Stockholm",
        "SG" => "Asia/Singapore",
        "TR" => "Europe/Istanbul",
        "US" => "America/New_York",
        "ZA" => "Africa/Johannesburg",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn countries_have_zones_there_are() {
        for country in ["AT", "us", " JP ", "MX", "IN", "AR"] {
            let zone = zone_of(country).unwrap();
            assert!(TimeZone::get(zone).is_ok(), "{zone}");
        }
        assert_eq!(zone_of("Atlantis"), None);
    }
}
