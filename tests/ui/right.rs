//! The right program: the whole road, from text to a view.

use chartroom_access::{Policy, Request};
use chartroom_audit::Trail;
use chartroom_record::{Checks, Mode, parse};
use chartroom_seal::{CryptoRng, KeyService};
use chartroom_vault::{Author, PatientKey, Vault};

type Failure = Box<dyn std::error::Error>;

fn the_road<K: KeyService>(
    (vault, patient): (&Vault<K>, &PatientKey),
    text: &[u8],
    (policy, request): (&Policy, &Request),
    trail: &mut dyn Trail,
    random: &mut impl CryptoRng,
) -> Result<String, Failure> {
    let checked = parse(text, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
    let sealed = vault.seal(&checked, patient, &Author::unknown(), random)?;
    let ruling = vault.rule(&sealed, patient, policy, request, random)?;
    let disclosure = vault.disclose(ruling, trail)?;
    let view = vault.open(&sealed, patient, disclosure, request.at)?;
    let in_one_call = vault.view((&sealed, patient), policy, request, request.at, trail, random)?;
    assert_eq!(in_one_call.to_json(), view.to_json());
    Ok(view.to_json())
}

fn main() {}
