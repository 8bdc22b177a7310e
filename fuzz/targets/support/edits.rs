//! Good bytes, and what a fuzzer makes of them.

/// Good bytes after some edits, four bytes for each: a place, what is done there, and with what. A fuzzer that had to find a salt or a
/// commitment by itself would never get past it.
pub fn edited(good: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for edit in edits.chunks_exact(4) {
        let place = usize::from(u16::from_be_bytes([edit[0], edit[1]])) % (bytes.len() + 1);
        let (kind, with) = (edit[2], edit[3]);
        let end = (place + usize::from(with)).min(bytes.len());
        match kind % 6 {
            0 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte = with),
            1 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1 << (with % 8)),
            2 => bytes.insert(place, with),
            3 => drop(bytes.drain(place..end)),
            4 => {
                let again = bytes[place..end].to_vec();
                bytes.splice(place..place, again);
            }
            _ => bytes.truncate(place),
        }
    }
    bytes
}
