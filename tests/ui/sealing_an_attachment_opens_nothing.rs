//! Whoever seals an attachment, for the first time or anew, gets back what is sealed and nothing else.

use std::fs::File;
use std::io::Read;

use chartroom_seal::{CryptoRng, Keyring, StreamReader};
use chartroom_vault::{AttachmentWriter, Merge, PatientKey, SealedAttachment, Vault, View};

type House<'a> = (&'a Vault<Keyring>, &'a PatientKey);
type Sealed = SealedAttachment<File>;

fn a_reading_by_resealing((vault, patient): House<'_>, sealed: Sealed, to: File, random: &mut impl CryptoRng) {
    let reading: View<StreamReader<File>> = vault.reseal_attachment(sealed, patient, to, random).unwrap(); //~ E0308
}

fn a_reading_by_rebinding(
    (vault, patient): House<'_>,
    (sealed, to): (Sealed, File),
    (other, merge): (&PatientKey, &Merge),
    random: &mut impl CryptoRng,
) {
    let keys = (patient, other);
    let reading: View<StreamReader<File>> = vault.rebind_attachment(sealed, keys, merge, to, random).unwrap(); //~ E0308
}

fn another_patients_without_a_merge(
    (vault, patient): House<'_>,
    [one, other]: [(Sealed, File); 2],
    of: &PatientKey,
    random: &mut impl CryptoRng,
) {
    let _ = vault.rebind_attachment(one.0, (patient, of), one.1, random); //~ E0061 E0277
    let _ = vault.seal_attachment_anew(other.0, (patient, of), other.1, random); //~ E0624
}

fn what_was_written() {
    is_read::<AttachmentWriter<File>>(); //~ E0277
}

fn by_its_fields(writer: AttachmentWriter<File>) {
    let _ = writer.stream; //~ E0616
}

fn is_read<T: Read>() {}

fn main() {}
