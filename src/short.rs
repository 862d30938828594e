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
    if copy_ends::<16>(bytes, block).is_none() {
        copy_half(bytes, block);
    }
    Some(())
}

/// Copies a short text of which every byte is so; a space must be.
#[inline(always)]
pub(crate) fn copy_if(bytes: &[u8], block: &mut [u8; SHORT], is_so: impl Fn(u8) -> bool) -> Option<()> {
    if bytes.len() > SHORT {
        return None;
    }
    let are_so = match copy_ends::<16>(bytes, block) {
        Some(ends) => ends.as_flattened().iter().fold(true, |all, byte| all & is_so(*byte)),
        None => {
            let half = block.first_chunk_mut::<16>()?;
            *half = [b' '; 16];
            copy_half(bytes, block);
            block.iter().take(16).fold(true, |all, byte| all & is_so(*byte))
        }
    };
    are_so.then_some(())
}

/// Copies a text of fewer than 16 bytes.
#[inline(always)]
fn copy_half(bytes: &[u8], block: &mut [u8; SHORT]) {
    if copy_ends::<8>(bytes, block).is_none() && copy_ends::<4>(bytes, block).is_none() {
        for (place, byte) in block.iter_mut().zip(bytes).take(3) {
            *place = *byte;
        }
    }
}

/// Copies the first bytes and the last, which meet or overlap in a text of at most twice as many.
#[inline(always)]
fn copy_ends<const N: usize>(bytes: &[u8], block: &mut [u8; SHORT]) -> Option<[[u8; N]; 2]> {
    let (first, last) = (bytes.first_chunk::<N>()?, bytes.last_chunk::<N>()?);
    *block.first_chunk_mut()? = *first;
    *block.get_mut(bytes.len() - N..)?.first_chunk_mut()? = *last;
    Some([*first, *last])
}

/// Whether a text has a NUL.
#[inline(always)]
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    if bytes.len() > SHORT {
        return memchr::memchr(0, bytes).is_some();
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<16>(), bytes.last_chunk::<16>()) {
        return first.iter().zip(last).fold(false, |any, (first, last)| any | (*first == 0) | (*last == 0));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return has_zero(u64::from_le_bytes(*first)) | has_zero(u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return has_zero(u64::from(first) | u64::from(last) << 32);
    }
    bytes.contains(&0)
}

/// Whether a byte of a word is zero: it alone borrows where one is taken from each.
#[inline(always)]
fn has_zero(word: u64) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    word.wrapping_sub(ONES) & !word & ONES << 7 != 0
}

#[cfg(test)]
mod tests {
    use super::{SHORT, block, copy_if, has_nul};

    #[test]
    fn blocks_hold_texts_of_every_short_length() {
        for length in 0..=SHORT {
            let text: String = ('A'..).take(length).collect();
            assert_eq!(block(text.as_bytes(), b'.').unwrap().as_slice(), format!("{text:.<SHORT$}").as_bytes());
        }
        assert_eq!(block(&[b'x'; SHORT + 1], b'.'), None);
    }

    #[test]
    fn each_byte_of_a_text_counts() {
        for length in 0..=SHORT + 2 {
            let text = vec![b'a'; length];
            let mut block = [0; SHORT];
            assert_eq!(copy_if(&text, &mut block, |byte| byte != 0).is_some(), length <= SHORT);
            assert!(length > SHORT || block[..length] == text);
            assert!(!has_nul(&text));
            for at in 0..length {
                let mut text = text.clone();
                text[at] = 0;
                assert!(has_nul(&text), "{at} of {length}");
                assert_eq!(copy_if(&text, &mut block, |byte| byte != 0), None);
            }
        }
    }
}
