//! Bytes as test vectors write them.

/// The bytes of hexadecimal digits.
pub fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    let digits: Option<Vec<_>> = hex.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or("not hexadecimal")?;
    Ok(digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

/// So many bytes, of hexadecimal digits.
pub fn array<const N: usize>(hex: &str) -> Result<[u8; N], String> {
    bytes(hex)?.try_into().map_err(|bytes: Vec<u8>| format!("{} bytes instead of {N}", bytes.len()))
}

/// The hexadecimal digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
