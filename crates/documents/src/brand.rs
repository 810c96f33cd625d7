//! The look every output shares: one accent colour, four tones, a calm grey scale.

use crate::directive::Tone;

/// Whose documents these are, and in which colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// The vendor's name as shown in headers and footers.
    pub vendor_name: String,
    /// The accent colour, dark enough to carry white text.
    pub accent: Rgb,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Default for Brand {
    fn default() -> Self {
        Brand::new("Gangway", "#1f4e79")
    }
}

impl Brand {
    /// A brand with the accent given as `#rgb` or `#rrggbb`; anything else takes the default
    /// accent, and a colour too light for white text (contrast below 4.5 : 1, WCAG 2.2) is darkened until it is not.
    pub fn new(vendor_name: impl Into<String>, accent: &str) -> Self {
        let mut accent = Rgb::from_hex(accent).unwrap_or(Rgb(0x1f, 0x4e, 0x79));
        while accent.contrast(Rgb::WHITE) < 4.5 {
            accent = accent.mix(Rgb::BLACK, 0.06);
        }
        let name: String = vendor_name.into();
        Brand { vendor_name: crate::text::clean(&name).replace('\n', " "), accent }
    }

    /// The strong colour of a tone: text, borders, bars.
    pub fn strong(&self, tone: Tone) -> Rgb {
        match tone {
            Tone::Neutral => SLATE,
            Tone::Good => Rgb(0x1b, 0x74, 0x4a),
            Tone::Warning => Rgb(0x96, 0x5a, 0x00),
            Tone::Bad => Rgb(0xb3, 0x26, 0x1e),
            Tone::Accent => self.accent,
        }
    }

    /// The soft background of a tone; dark text on it stays readable.
    pub fn soft(&self, tone: Tone) -> Rgb {
        match tone {
            Tone::Neutral => Rgb(0xf3, 0xf5, 0xf8),
            other => self.strong(other).mix(Rgb::WHITE, 0.90),
        }
    }
}

/// Text colour.
pub(crate) const INK: Rgb = Rgb(0x1c, 0x24, 0x30);
/// Secondary text.
pub(crate) const SLATE: Rgb = Rgb(0x56, 0x61, 0x70);
/// Hairlines.
pub(crate) const LINE: Rgb = Rgb(0xd5, 0xda, 0xe1);
/// Quiet areas.
pub(crate) const PAPER: Rgb = Rgb(0xf3, 0xf5, 0xf8);

impl Rgb {
    /// White.
    pub const WHITE: Rgb = Rgb(255, 255, 255);
    /// Black.
    pub const BLACK: Rgb = Rgb(0, 0, 0);

    /// Reads `#rgb` or `#rrggbb`, with or without the sign.
    pub fn from_hex(text: &str) -> Option<Rgb> {
        let digits = text.trim().trim_start_matches('#');
        let number = u32::from_str_radix(digits, 16).ok()?;
        let byte = |shift: u32| u8::try_from((number >> shift) & 0xff).unwrap_or(0);
        let nibble = |shift: u32| u8::try_from(((number >> shift) & 0xf) * 17).unwrap_or(0);
        match digits.len() {
            6 => Some(Rgb(byte(16), byte(8), byte(0))),
            3 => Some(Rgb(nibble(8), nibble(4), nibble(0))),
            _ => None,
        }
    }

    /// `rrggbb`, as OOXML writes it.
    pub fn hex(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// `#rrggbb`, as CSS writes it.
    pub fn css(self) -> String {
        format!("#{}", self.hex())
    }

    /// The colour moved towards `other` by `share` (0–1).
    pub fn mix(self, other: Rgb, share: f64) -> Rgb {
        let channel = |a: u8, b: u8| {
            (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round().clamp(0.0, 255.0) as u8
        };
        Rgb(channel(self.0, other.0), channel(self.1, other.1), channel(self.2, other.2))
    }

    /// Contrast ratio as in WCAG 2.2, 1–21.
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_carries_white_text() {
        for hex in ["#ffffff", "#ff0", "#00ff88", "nonsense", "", "#1f4e79", "éé"] {
            let brand = Brand::new("V", hex);
            assert!(brand.accent.contrast(Rgb::WHITE) >= 4.5, "{hex}");
        }
        assert_eq!(Brand::new("V", "#123").accent, Rgb(0x11, 0x22, 0x33));
    }

    #[test]
    fn contrast_matches_the_published_examples() {
        assert!((Rgb::BLACK.contrast(Rgb::WHITE) - 21.0).abs() < 1e-9);
        assert!((Rgb(0x76, 0x76, 0x76).contrast(Rgb::WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn tones_are_readable_on_their_soft_background() {
        let brand = Brand::default();
        for tone in [Tone::Neutral, Tone::Good, Tone::Warning, Tone::Bad, Tone::Accent] {
            assert!(brand.strong(tone).contrast(brand.soft(tone)) >= 4.5, "{tone:?}");
        }
    }
}
