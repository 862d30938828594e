//! UUIDs.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// A UUID, as its 16 bytes.
///
/// # Examples
///
/// ```
/// use setwise::Uuid;
///
/// let id = Uuid::parse("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11")?;
/// assert_eq!(id.to_string(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
/// assert!(Uuid::parse("{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}").is_err());
/// # Ok::<(), setwise::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid([u8; 16]);

impl Uuid {
    /// A UUID from its bytes, the most significant first.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A UUID from its canonical text of 36 characters, in upper or lower case.
    ///
    /// # Errors
    ///
    /// `not-a-uuid` for any other form: braces, `urn:`, no hyphens.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = || Error::from(ErrorKind::NotAUuid { text: text.chars().take(50).collect() });
        if text.len() != 36 {
            return Err(bad());
        }
        let mut bytes = [0u8; 16];
        let mut digits = text.bytes().enumerate();
        for byte in &mut bytes {
            let mut pair = 0u8;
            for _ in 0..2 {
                let (at, mut digit) = digits.next().ok_or_else(bad)?;
                if matches!(at, 8 | 13 | 18 | 23) {
                    if digit != b'-' {
                        return Err(bad());
                    }
                    (_, digit) = digits.next().ok_or_else(bad)?;
                }
                let nibble = char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok()).ok_or_else(bad)?;
                pair = pair << 4 | nibble;
            }
            *byte = pair;
        }
        Ok(Self(bytes))
    }

    /// The bytes, the most significant first.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// Writes the canonical text in lower case.
impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}
