//! Tamper-evident trail: an RFC 6962 Merkle log of disclosures, with proofs.
