//! Short texts, looked at as a whole: in a block of fixed size, whose bytes are compared and copied at once.

/// Texts of so many bytes and less are short.
pub(crate) const SHORT: usize = 32;

/// A short text, and a filler behind it.
#[inline(always)]
pub(crate) fn block(bytes: &[u8], filler: u8) -> Option<[u8; SHORT]> {
    let mut block = [filler; SHORT];
    copy(bytes, &mut block).map(|()| block)
}

/// Copies a short text.
#[inline(always)]
pub(crate) fn copy(bytes: &[u8], block: &mut [u8; SHORT]) -> Option<()> {
    if bytes.len() > SHORT {
        return None;
    }
    if copy_ends::<16>(bytes, block).is_none()
        && copy_ends::<8>(bytes, block).is_none()
        && copy_ends::<4>(bytes, block).is_none()
    {
        for (place, byte) in block.iter_mut().zip(bytes).take(3) {
            *place = *byte;
        }
    }
    Some(())
}

/// Copies the first bytes and the last, which meet or overlap in a text of at most twice as many.
#[inline(always)]
fn copy_ends<const N: usize>(bytes: &[u8], block: &mut [u8; SHORT]) -> Option<()> {
    let (first, last) = (bytes.first_chunk::<N>()?, bytes.last_chunk::<N>()?);
    *block.first_chunk_mut()? = *first;
    *block.get_mut(bytes.len() - N..)?.first_chunk_mut()? = *last;
    Some(())
}

/// Whether every byte of a block is so.
#[inline(always)]
pub(crate) fn all(block: &[u8; SHORT], is_so: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(true, |all, byte| all & is_so(*byte))
}

#[cfg(test)]
mod tests {
    use super::{SHORT, all, block};

    #[test]
    fn blocks_hold_texts_of_every_short_length() {
        for length in 0..=SHORT {
            let text: String = ('A'..).take(length).collect();
            assert_eq!(block(text.as_bytes(), b'.').unwrap().as_slice(), format!("{text:.<SHORT$}").as_bytes());
        }
        assert_eq!(block(&[b'x'; SHORT + 1], b'.'), None);
    }

    #[test]
    fn each_byte_counts() {
        for at in 0..SHORT {
            let mut block = [b'a'; SHORT];
            assert!(all(&block, |byte| byte == b'a'));
            block[at] = b'b';
            assert!(!all(&block, |byte| byte == b'a'));
        }
    }
}
