//! A ruling goes to the trail once.

use chartroom_audit::Trail;
use chartroom_seal::Keyring;
use chartroom_vault::{Ruling, Vault};

fn twice(vault: &Vault<Keyring>, ruling: Ruling, trail: &mut dyn Trail) {
    let _ = vault.disclose(ruling, trail);
    let _ = vault.disclose(ruling, trail); //~ E0382
}

fn main() {}
