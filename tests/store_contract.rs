//! The contract of a store: each case is a story over a fresh one, told by what every store does and nothing else. Another
//! backend is held to it by one more line in `main`.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Request};
use chartroom::audit::accounting::{Query, Scope};
use chartroom::audit::breach;
use chartroom::audit::checkpoint::Checkpoint;
use chartroom::audit::checkpoint::note::{SignedCheckpoint, Signer};
use chartroom::audit::event::{self, Agent, Exclusion, Kind};
use chartroom::audit::{Hash, Head, MemoryTrail, Trail as _, TrailError, TrustedHead};
use chartroom::record::{Checked, Checks, Mode, Resource, parse};
use chartroom::seal::deterministic::Field;
use chartroom::seal::index::Form;
use chartroom::seal::{
    Cost, CryptoRng, KeyContext, KeyLabel, KeyService, Keyring, OpenError, Passphrase, RandomSource, SealError,
    SubjectKey, WrappedKey,
};
use chartroom::store::rotation::{self, RotationError, Sweep, Swept};
use chartroom::store::{SqliteStore, Store, StoreError, Tombstone, WriteBy};
use chartroom::vault::{
    Author, DiscloseError, KeyOwner, OpenIndex, PatientKey, RecordId, RecordIndex, Resealed, Retokened, Ruling,
    SealedRecord, Token, Vault, VaultError, ViewError,
};
use chartroom_tests::{policies::REVIEW, tally::Tally};
use chrono::{DateTime, TimeDelta, Utc};

fn main() -> ExitCode {
    let mut tally = Tally::new("store_contract");
    hold(&mut tally, "sqlite", || Ok(SqliteStore::open_in_memory()?));
    tally.finish()
}

type Outcome<T = ()> = Result<T, Box<dyn Error>>;
type Case<S> = fn(&mut House, &mut S) -> Outcome;

/// Holds a backend to the contract.
fn hold<S: Store>(tally: &mut Tally, backend: &str, fresh: impl Fn() -> Outcome<S>) {
    let cases: [(&str, Case<S>); 56] = [
        ("a fresh store is empty", fresh_is_empty),
        ("a patient is admitted once", admitted_once),
        ("a record comes back as it was put", comes_back),
        ("versions are kept side by side", versions_stay),
        ("a version follows the last one", versions_follow),
        ("the patient must be known", patient_is_known),
        ("a record stays with its patient", stays_with_its_patient),
        ("a batch is kept in its order", batch_in_order),
        ("a batch is kept whole or not at all", batch_is_whole),
        ("a chart holds the latest versions", chart_is_latest),
        ("a write is on the trail", write_is_on_the_trail),
        ("every head is proven by the next", heads_are_proven),
        ("a false head does not hold", false_heads_fail),
        ("what was opened is accounted for", openings_are_accounted_for),
        ("what someone's openings touched is gathered", openings_are_gathered),
        ("a worksheet has a person once, whatever was merged", merged_are_gathered_as_one),
        ("what a policy decided that is not in use is named", not_adopted_is_named),
        ("a query is one batch of the trail", query_is_one_batch),
        ("an entry says why under the key alone", entry_says_why),
        ("a renewed key follows the last one", renewed_key_follows),
        ("a sweep wraps every key anew", sweep_rewraps),
        ("a sweep seals every record anew", sweep_reseals),
        ("a new sealing is of what is kept", resealing_is_of_what_is_kept),
        ("a new sealing overwrites no other content", resealing_overwrites_nothing),
        ("a merge moves whole records", merge_moves),
        ("a merge takes nothing from a destruction", merge_leaves_what_is_destroyed),
        ("a merge carries holds along", merge_carries_holds),
        ("what was merged away takes no more", merged_away_takes_no_more),
        ("a hold on who was merged away holds who is left", hold_reaches_who_is_left),
        ("a destruction takes along who was merged", destruction_reaches_who_was_merged),
        ("a destroyed key is destroyed", destroyed_is_destroyed),
        ("a destroyed key in memory opens nothing", destroyed_in_memory_is_destroyed),
        ("a query tells of each record, though the key of one is destroyed", query_tells_of_each),
        ("a hold keeps the key, and the attempt is on the trail", hold_refuses),
        ("a destruction that was begun is ended, whatever comes between", begun_is_ended),
        ("a destruction that was begun is seen as done", begun_is_seen_as_done),
        ("tombstones are replayed in a restored backup", tombstones_are_replayed),
        ("only what a trusted head proves is replayed", replay_is_proven),
        ("a hold stops a replay until it is released", hold_stops_replay),
        ("tombstones are replayed in a restored key service", tombstones_reach_the_service),
        ("a destruction that was begun is replayed by what the service knows", begun_is_replayed),
        ("a wrapping key is taken out of use when it wraps nothing", retired_wraps_nothing),
        ("a record is sealed under a key that is kept", key_is_kept),
        ("a record is found by the tokens of its newest version", found_by_tokens),
        ("a key of the house follows the last one", house_key_follows),
        ("a sweep wraps the keys of the house anew", sweep_rewraps_the_house),
        ("who looks for records is on the trail, and what they look for is not", search_is_told),
        ("an index is renewed, and nothing is missed meanwhile", index_is_renewed),
        ("a sweep indexes every record anew", sweep_reindexes),
        ("a new index takes in what is kept", new_index_takes_in),
        ("a merge takes along what is found", merge_takes_tokens_along),
        ("new tokens are of what is kept", reindexing_is_of_what_is_kept),
        ("a record is indexed anew under an entry of its own", indexing_is_told_of),
        ("what a sweep finds damaged is on the trail", damage_is_told_by_a_sweep),
        ("a destroyed key in memory makes no tokens", destroyed_in_memory_is_indexed_by_nothing),
        ("a key of the house is dropped when nothing is found by it", dropped_finds_nothing),
    ];
    for (name, case) in cases {
        let outcome = House::open().and_then(|mut house| case(&mut house, &mut fresh()?));
        tally.case(format!("{backend}: {name}"), outcome);
    }
}

fn fresh_is_empty<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, _) = house.vault.admit(&mut house.random)?;
    equal(store.head()?, Head { size: 0, root: Hash::of_empty_tree() })?;
    equal(store.patients()?, vec![])?;
    equal(store.wrapped_keys(patient.token())?, vec![])?;
    equal(store.records_of(patient.token())?, vec![])?;
    equal(store.get(patient.token())?, None)?;
    equal(store.get_version(patient.token(), 1)?, None)?;
    equal(store.versions(patient.token())?, vec![])?;
    equal(store.events(0..u64::MAX)?, vec![])?;
    equal(store.put_all(&[], &house.by())?, vec![])?;
    Ok(store.verify(&store.head()?)?)
}

fn admitted_once<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, wrapped) = house.vault.admit(&mut house.random)?;
    store.admit(one.token(), &wrapped)?;
    let (other, replaced) = house.vault.admit(&mut house.random)?;
    refused(store.admit(one.token(), &replaced), |error| matches!(error, StoreError::KnownPatient))?;
    store.admit(other.token(), &replaced)?;
    equal(store.patients()?, vec![one.token(), other.token()])?;
    equal(store.wrapped_keys(one.token())?, vec![wrapped])
}

fn comes_back<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let record = house.seal(&patient)?;
    store.put(&record, &house.by())?;
    equal(store.get(record.id())?, Some(record.clone()))?;
    // The key, too, is as good as the one that sealed.
    let patient = house.vault.unlock(patient.token(), &store.wrapped_keys(patient.token())?)?;
    let request = house.request("physician", Purpose::Treatment);
    let ruling = house.rule(&record, &patient, &request)?;
    let disclosure = house.vault.disclose(ruling, store)?;
    let view = house.vault.open(&record, &patient, disclosure, house.now)?;
    equal(view.to_json().contains("J45.909"), true)?;
    equal(view.to_json().contains("Fenwarden"), false)
}

fn versions_stay<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 3)?;
    for version in &versions {
        store.put(version, &house.by())?;
    }
    let id = versions[0].id();
    equal(store.versions(id)?, vec![1, 2, 3])?;
    for version in &versions {
        equal(store.get_version(id, version.version())?.as_ref(), Some(version))?;
    }
    equal(store.get(id)?.as_ref(), versions.last())?;
    equal(store.get_version(id, 4)?, None)?;
    equal(store.get_version(id, 0)?, None)?;
    equal(store.get_version(id, u64::MAX)?, None)
}

fn versions_follow<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 3)?;
    let [first, second, third] = &versions[..] else { return Err("three versions".into()) };
    let conflict_at = |expected| move |error: &StoreError| matches!(error, StoreError::Conflict { current, .. } if *current == expected);
    refused(store.put(second, &house.by()), conflict_at(0))?;
    store.put(first, &house.by())?;
    refused(store.put(first, &house.by()), conflict_at(1))?;
    refused(store.put(third, &house.by()), conflict_at(1))?;
    store.put(second, &house.by())?;
    for stray in [0, 1, 2, 4, u64::MAX] {
        refused(store.put(&with_version(third, stray)?, &house.by()), conflict_at(2))?;
    }
    store.put(third, &house.by())?;
    equal(store.head()?.size, 3)
}

fn patient_is_known<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (stranger, _) = house.vault.admit(&mut house.random)?;
    let record = house.seal(&stranger)?;
    refused(store.put(&record, &house.by()), |error| matches!(error, StoreError::UnknownPatient))?;
    equal(store.get(record.id())?, None)?;
    equal(store.head()?.size, 0)
}

fn stays_with_its_patient<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 2)?;
    store.put(&versions[0], &house.by())?;
    let moved = with_patient(&versions[1], other.token())?;
    refused(store.put(&moved, &house.by()), |error| matches!(error, StoreError::AnotherRecord { .. }))?;
    equal(store.versions(moved.id())?, vec![1])
}

fn batch_in_order<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let mut batch = house.seal_versions(&patient, 2)?;
    batch.push(house.seal(&patient)?);
    let receipts = store.put_all(&batch, &house.by())?;
    equal(receipts.iter().map(|receipt| receipt.index).collect::<Vec<_>>(), vec![0, 1, 2])?;
    for ((_, event), record) in store.events(0..3)?.iter().zip(&batch) {
        let entity = event.record.as_ref().ok_or("no record on the trail")?;
        equal((entity.id.as_str(), entity.version), (record.id().to_string().as_str(), record.version()))?;
    }
    Ok(())
}

fn batch_is_whole<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let before = house.seal(&patient)?;
    store.put(&before, &house.by())?;
    let head = store.head()?;
    let (stranger, _) = house.vault.admit(&mut house.random)?;
    for bad in [before.clone(), house.seal(&stranger)?, with_version(&before, 3)?] {
        let batch = [house.seal(&patient)?, house.seal(&patient)?, bad, house.seal(&patient)?];
        refused(store.put_all(&batch, &house.by()), |_| true)?;
        equal(store.records_of(patient.token())?, vec![before.clone()])?;
        equal(store.head()?, head)?;
    }
    equal(store.put(&house.seal(&patient)?, &house.by())?.index, 1)?;
    Ok(store.verify(&store.head()?)?)
}

fn chart_is_latest<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 3)?;
    let (second, strange) = (house.seal(&one)?, house.seal(&other)?);
    let [v1, v2, v3] = &versions[..] else { return Err("three versions".into()) };
    for record in [v1, &second, v2, &strange, v3] {
        store.put(record, &house.by())?;
    }
    equal(store.records_of(one.token())?, vec![v3.clone(), second])?;
    equal(store.records_of(other.token())?, vec![strange])
}

fn write_is_on_the_trail<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 2)?;
    let by = WriteBy { purpose: Some("TREAT".into()), ..house.by() };
    let receipts = store.put_all(&versions, &by)?;
    let events = store.events(0..9)?;
    equal(events.len(), 2)?;
    let actions = [event::Action::Create, event::Action::Update];
    for (((index, event), receipt), action) in events.iter().zip(receipts).zip(actions) {
        equal((*index, event.leaf_hash()), (receipt.index, receipt.leaf_hash))?;
        equal((event.kind, event.action, event.recorded), (Kind::Write, action, by.at))?;
        equal((&event.agent, &event.purpose), (&by.agent, &by.purpose))?;
        equal(event.patient.clone(), Some(patient.token().to_string()))?;
    }
    equal(store.events(1..2)?.len(), 1)?;
    equal(store.events(2..9)?.len(), 0)
}

fn heads_are_proven<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let (mut heads, mut receipts) = (Vec::new(), Vec::new());
    for record in house.seal_versions(&patient, 20)? {
        receipts.push(store.put(&record, &house.by())?);
        heads.push(store.head()?);
    }
    let last = store.head()?;
    for (head, receipt) in heads.iter().zip(&receipts) {
        store.verify(head)?;
        store.consistency(head.size, last.size)?.verify(&head.root, &last.root)?;
        store.inclusion(receipt.index, head.size)?.verify(&receipt.leaf_hash, &head.root)?;
        store.inclusion(receipt.index, last.size)?.verify(&receipt.leaf_hash, &last.root)?;
    }
    let outside = [store.inclusion(20, 20).err(), store.inclusion(0, 21).err(), store.consistency(20, 21).err()];
    let refused = outside.iter().flatten().filter(|error| matches!(error, TrailError::OutOfRange { .. })).count();
    equal(refused, outside.len())
}

fn false_heads_fail<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    store.put_all(&house.seal_versions(&patient, 5)?, &house.by())?;
    let head = store.head()?;
    for size in (0..9).chain([u64::MAX]).filter(|size| *size != head.size) {
        let outcome = store.verify(&Head { size, ..head });
        equal(matches!(outcome, Err(StoreError::Trail(TrailError::Tampered(_)))), true)?;
    }
    Ok(store.verify(&head)?)
}

fn openings_are_accounted_for<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, other) = (house.admit(store)?, house.admit(store)?);
    for patient in [&patient, &other] {
        let record = house.seal(patient)?;
        store.put(&record, &house.by())?;
        for (role, purpose) in [("physician", Purpose::Treatment), ("researcher", Purpose::Research)] {
            let request = house.request(role, purpose);
            let ruling = house.rule(&record, patient, &request)?;
            let disclosure = house.vault.disclose(ruling, store)?;
            house.vault.open(&record, patient, disclosure, house.now)?;
        }
    }
    let token = patient.token().to_string();
    let period = house.now..house.now + TimeDelta::days(1);
    let purposes = |scope| -> Outcome<Vec<String>> {
        let accounting = store.accounting(&Query { patient: &token, period: period.clone(), scope })?;
        accounting.verify(&store.head()?)?;
        Ok(accounting.lines.iter().filter_map(|line| line.purpose().map(str::to_owned)).collect())
    };
    // Both openings are there; the law asks for the one that was not for treatment.
    equal(purposes(Scope::Everything)?, vec!["TREAT".to_owned(), "HRESCH".to_owned()])?;
    equal(purposes(Scope::Law164_528)?, vec!["HRESCH".to_owned()])
}

fn merged_are_gathered_as_one<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let [first, second, third] = [house.admit(store)?, house.admit(store)?, house.admit(store)?];
    let record = house.seal(&first)?;
    store.put(&record, &house.by())?;
    equal(house.opens(&record, &first, store)?, true)?;
    let by = house.by();
    // In two steps, with an opening before, between and after.
    for (from, into) in [(&first, &second), (&second, &third)] {
        rotation::merge(store, &house.vault, (from.token(), into.token()), &by, &mut house.random)?;
        let moved = store.get(record.id())?.ok_or("no record")?;
        equal(house.opens(&moved, into, store)?, true)?;
    }
    let query = breach::Query { actor: "someone-9", period: house.now..house.now + TimeDelta::days(1) };
    let worksheet = store.breach(&query)?;
    let found =
        worksheet.patients.iter().map(|found| (found.patient.clone(), found.records.len(), found.entries.len()));
    equal(found.collect::<Vec<_>>(), vec![(Some(third.token().to_string()), 1, 3)])
}

fn openings_are_gathered<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other, unseen) = (house.admit(store)?, house.admit(store)?, house.admit(store)?);
    for (patient, role) in [(&one, "physician"), (&other, "physician"), (&one, "physician"), (&unseen, "stranger")] {
        let record = house.seal(patient)?;
        store.put(&record, &house.by())?;
        let ruling = house.rule(&record, patient, &house.request(role, Purpose::Treatment))?;
        let _ = house.vault.disclose(ruling, store);
    }
    let query = breach::Query { actor: "someone-9", period: house.now..house.now + TimeDelta::days(1) };
    let worksheet = store.breach(&query)?;
    let mut expected = [(one.token().to_string(), 2), (other.token().to_string(), 1)];
    expected.sort();
    let touched: Vec<_> = worksheet
        .patients
        .iter()
        .map(|found| (found.patient.clone().unwrap_or_default(), found.records.len()))
        .collect();
    equal(touched, expected.to_vec())?;
    // Every entry on it can be proven.
    let head = store.head()?;
    for entry in worksheet.patients.iter().flat_map(|touched| &touched.entries) {
        let (_, event) = store.events(*entry..entry + 1)?.pop().ok_or("no entry")?;
        store.inclusion(*entry, head.size)?.verify(&event.leaf_hash(), &head.root)?;
    }
    equal(store.breach(&breach::Query { actor: "nurse-3", ..query })?.patients.len(), 0)
}

fn not_adopted_is_named<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let record = house.seal(&patient)?;
    store.put(&record, &house.by())?;
    let by = house.by();
    house.opens(&record, &patient, store)?;
    house.vault.adopt(&house.policy, by.agent.clone(), by.at, store)?;
    house.opens(&record, &patient, store)?;
    house.vault.withdraw(&house.policy, by.agent, by.at, store)?;
    house.opens(&record, &patient, store)?;
    equal(store.not_adopted()?.iter().map(|found| found.index).collect::<Vec<_>>(), vec![1, 5])
}

fn query_is_one_batch<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let records = house.seal_versions(&patient, 5)?;
    store.put_all(&records, &house.by())?;
    let mut rulings = Vec::new();
    for (record, role) in records.iter().zip(["physician", "stranger", "physician", "stranger", "researcher"]) {
        let request = house.request(role, Purpose::Treatment);
        rulings.push(house.rule(record, &patient, &request)?);
    }
    let outcomes = house.vault.disclose_all(rulings, store)?;
    equal(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), vec![true, false, true, false, true])?;
    let kinds: Vec<_> = store.events(5..10)?.into_iter().map(|(_, event)| (event.kind, event.outcome)).collect();
    let (opened, denied) = ((Kind::Disclosure, event::Outcome::Success), (Kind::Denial, event::Outcome::MinorFailure));
    equal(kinds, vec![opened, denied, opened, denied, opened])?;
    // Each disclosure opens the one version that it is for.
    let mut disclosures = outcomes.into_iter().flatten();
    let (first, third) = (disclosures.next().ok_or("no disclosure")?, disclosures.next().ok_or("no other")?);
    house.vault.open(&records[0], &patient, first, house.now)?;
    equal(house.vault.open(&records[3], &patient, third, house.now).err(), Some(VaultError::AnotherRecord))
}

fn entry_says_why<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let record = house.seal(&patient)?;
    store.put(&record, &house.by())?;
    let ruling = house.rule(&record, &patient, &house.request("physician", Purpose::Treatment))?;
    let _ = house.vault.disclose(ruling, store)?;
    let (_, event) = store.events(1..2)?.pop().ok_or("no entry")?;
    equal((event.reasons.is_empty(), event.sealed.is_some()), (true, true))?;
    // To read the record is not to review who read it. Both answers are told.
    let request = house.request("physician", Purpose::Treatment);
    let ruling = house.vault.rule_entry(&event, &patient, &Policy::starter(), &request, &mut house.random)?;
    equal(matches!(house.vault.disclose(ruling, store), Err(DiscloseError::Denied(_))), true)?;
    let (policy, request) = (Policy::from_toml(REVIEW)?, house.request("auditor", Purpose::Compliance));
    let ruling = house.vault.rule_entry(&event, &patient, &policy, &request, &mut house.random)?;
    let disclosure = house.vault.disclose(ruling, store)?;
    let view = house.vault.entry(&event, &patient, disclosure, house.now)?;
    let whole = view.get();
    let rules: Vec<_> = whole.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    equal(rules.contains(&"reading"), true)?;
    equal((&whole.granted, &whole.agent), (&event.granted, &event.agent))?;
    let told: Vec<_> = store.events(2..9)?.into_iter().map(|(_, event)| (event.kind, event.patient)).collect();
    let token = Some(patient.token().to_string());
    equal(told, vec![(Kind::Denial, token.clone()), (Kind::Disclosure, token)])?;
    Ok(store.verify(&store.head()?)?)
}

fn renewed_key_follows<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, other) = (house.admit(store)?, house.admit(store)?);
    let record = house.seal(&patient)?;
    store.put(&record, &house.by())?;
    let next = house.vault.renew(&patient, &mut house.random)?;
    let conflict = |error: &StoreError| matches!(error, StoreError::KeyConflict { current: 1 });
    refused(store.renew(other.token(), &next, &house.by()), conflict)?;
    store.renew(patient.token(), &next, &house.by())?;
    refused(store.renew(patient.token(), &next, &house.by()), |error| {
        matches!(error, StoreError::KeyConflict { current: 2 })
    })?;
    let (stranger, _) = house.vault.admit(&mut house.random)?;
    refused(store.renew(stranger.token(), &next, &house.by()), |error| matches!(error, StoreError::UnknownPatient))?;

    let patient = house.vault.unlock(patient.token(), &store.wrapped_keys(patient.token())?)?;
    equal(patient.label().version, 2)?;
    // What was sealed before still opens, and what is written now is under the new key.
    equal(house.opens(&record, &patient, store)?, true)?;
    let next = house.vault.seal_next(&house.condition, &patient, &Author::unknown(), &record, &mut house.random)?;
    store.put(&next, &house.by())?;
    equal((record.key()?.version, next.key()?.version), (1, 2))?;
    let (_, event) = store.events(1..2)?.pop().ok_or("no entry")?;
    equal((event.kind, event.patient), (Kind::KeyRotation, Some(patient.token().to_string())))
}

fn sweep_rewraps<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patients = [(); 5].map(|()| house.admit(store));
    let patients = patients.into_iter().collect::<Outcome<Vec<_>>>()?;
    let record = house.seal(&patients[0])?;
    store.put(&record, &house.by())?;
    house.rotate_keyring()?;
    let by = house.by();
    // A sweep that is cut short is begun again, and finds what is left.
    let mut cut_short = Sweep::new(2);
    equal(cut_short.rewrap(store, &house.vault, &by, &mut house.random)?, true)?;
    let mut sweep = Sweep::new(2);
    while sweep.rewrap(store, &house.vault, &by, &mut house.random)? {}
    equal((cut_short.done(), sweep.done(), sweep.failed()), (2, 3, &[][..]))?;
    for patient in &patients {
        let kept = store.wrapped_keys(patient.token())?;
        equal(kept.iter().all(|key| key.wrapped_by() == house.vault.wrapping_key()), true)?;
        equal(house.vault.unlock(patient.token(), &kept)?.label(), patient.label())?;
    }
    equal(house.opens(&record, &patients[0], store)?, true)?;
    equal(Sweep::new(9).rewrap(store, &house.vault, &by, &mut house.random)?, false)?;
    Ok(store.verify(&store.head()?)?)
}

fn sweep_reseals<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 3)?;
    let untouched = house.seal(&other)?;
    store.put_all(&versions, &house.by())?;
    store.put(&untouched, &house.by())?;
    let next = house.vault.renew(&one, &mut house.random)?;
    store.renew(one.token(), &next, &house.by())?;
    let by = house.by();
    let mut sweep = Sweep::new(2);
    while sweep.reseal(store, &house.vault, &by, &mut house.random)? {}
    equal((sweep.done(), sweep.failed()), (3, &[][..]))?;
    let one = house.vault.unlock(one.token(), &store.wrapped_keys(one.token())?)?;
    for version in &versions {
        let kept = store.get_version(version.id(), version.version())?.ok_or("a version is gone")?;
        equal(house.vault.needs_reseal(&kept, &one)?, false)?;
        equal(house.opens(&kept, &one, store)?, true)?;
    }
    equal(store.get(untouched.id())?, Some(untouched))?;
    equal(store.under_older_keys(0, 9)?, vec![])?;
    Ok(store.verify(&store.head()?)?)
}

fn resealing_is_of_what_is_kept<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 2)?;
    store.put(&versions[0], &house.by())?;
    let (head, anew) = (store.head()?, house.vault.reseal(&versions[0], &one, &mut house.random)?);
    let moved = house.rebound(&versions[0], &one, &other)?;
    refused(store.reseal(&[anew.clone(), moved], &house.by()), |error| {
        matches!(error, StoreError::AnotherRecord { .. })
    })?;
    let missing = house.vault.reseal(&versions[1], &one, &mut house.random)?;
    refused(store.reseal(&[missing], &house.by()), |error| matches!(error, StoreError::MissingRecord { .. }))?;
    equal((store.head()?, store.get(versions[0].id())?), (head, Some(versions[0].clone())))?;
    store.reseal(std::slice::from_ref(&anew), &house.by())?;
    equal(store.get(versions[0].id())?.as_ref(), Some(anew.record()))?;
    // The next version follows the new sealing too.
    store.put(&versions[1], &house.by())?;
    Ok(store.verify(&store.head()?)?)
}

fn resealing_overwrites_nothing<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other, by) = (house.admit(store)?, house.admit(store)?, house.by());
    let versions = house.seal_versions(&one, 2)?;
    store.put_all(&versions, &by)?;
    // A second version 2, which was refused when it was put.
    let author = Author::new("nurse-3");
    let rival = house.vault.seal_next(&house.condition, &one, &author, &versions[0], &mut house.random)?;
    refused(store.put(&rival, &by), |error| matches!(error, StoreError::Conflict { current: 2, .. }))?;
    let conflict = |error: &StoreError| matches!(error, StoreError::ResealConflict { version: 2, .. });
    let anew = house.vault.reseal(&rival, &one, &mut house.random)?;
    refused(store.reseal(&[anew], &by), conflict)?;
    let moved = [&versions[0], &rival].map(|it| house.rebound(it, &one, &other));
    let moved = moved.into_iter().collect::<Result<Vec<_>, _>>()?;
    refused(store.rebind(&moved, one.token(), other.token(), &by), conflict)?;
    // Two who seal the same version anew: the second is told.
    let [first, second] = [(); 2].map(|()| house.vault.reseal(&versions[1], &one, &mut house.random));
    let (first, second) = (first?, second?);
    store.reseal(std::slice::from_ref(&first), &by)?;
    refused(store.reseal(&[second], &by), conflict)?;
    equal(store.get(versions[1].id())?.as_ref(), Some(first.record()))?;
    Ok(store.verify(&store.head()?)?)
}

fn merge_moves<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 2)?;
    store.put_all(&versions, &house.by())?;
    let own = house.seal(&other)?;
    store.put(&own, &house.by())?;
    let by = house.by();
    let torn = house.rebound(&versions[1], &one, &other)?;
    let left = |error: &StoreError| matches!(error, StoreError::LeftBehind { .. });
    refused(store.rebind(&[torn], one.token(), other.token(), &by), left)?;
    // A record that was stored after the merge had read them all.
    let whole = versions.iter().map(|version| house.rebound(version, &one, &other));
    let whole = whole.collect::<Result<Vec<_>, _>>()?;
    let late = house.seal(&one)?;
    store.put(&late, &by)?;
    refused(store.rebind(&whole, one.token(), other.token(), &by), left)?;
    let receipts = rotation::merge(store, &house.vault, (one.token(), other.token()), &by, &mut house.random)?;
    equal(receipts.len(), 4)?;
    equal(store.records_of(one.token())?, vec![])?;
    let ids: Vec<_> = store.records_of(other.token())?.iter().map(SealedRecord::id).collect();
    equal(ids, vec![versions[0].id(), own.id(), late.id()])?;
    let moved = store.get_version(versions[0].id(), 1)?.ok_or("a version is gone")?;
    equal(house.opens(&moved, &other, store)?, true)?;
    Ok(store.verify(&store.head()?)?)
}

fn merge_leaves_what_is_destroyed<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (from, into) = (house.admit(store)?, house.admit(store)?);
    let (record, by) = (house.seal(&from)?, house.by());
    store.put(&record, &by)?;
    // The merge has read and sealed all there is when someone begins to destroy it.
    let moved = house.rebound(&record, &from, &into)?;
    store.begin_destruction(from.token(), "retention ended", &by)?;
    let destroyed = |error: &StoreError| matches!(error, StoreError::KeyDestroyed);
    refused(store.rebind(std::slice::from_ref(&moved), from.token(), into.token(), &by), destroyed)?;
    store.end_destruction(from.token())?;
    refused(store.rebind(&[moved], from.token(), into.token(), &by), destroyed)?;
    equal(store.get(record.id())?, Some(record))?;
    Ok(store.verify(&store.head()?)?)
}

fn merge_carries_holds<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (from, into) = (house.admit(store)?.token(), house.admit(store)?.token());
    let by = house.by();
    store.hold(from, "case 12", &by)?;
    store.hold(from, "audit 7", &by)?;
    store.hold(into, "audit 7", &by)?;
    rotation::merge(store, &house.vault, (from, into), &by, &mut house.random)?;
    equal(store.holds(into)?, vec!["audit 7".to_owned(), "case 12".to_owned()])?;
    equal(store.holds(from)?, store.holds(into)?)?;
    store.release(into, "audit 7", &by)?;
    refused(store.destroy(into, "retention ended", &by), |error| matches!(error, StoreError::OnHold))?;
    // The one that is new is told, after the merge, and that before it was done.
    let told: Vec<_> = store.events(3..6)?.into_iter().map(|(_, event)| (event.kind, event.patient)).collect();
    let merge = (Kind::Merge, Some(from.to_string()));
    equal(told, vec![merge.clone(), merge, (Kind::Hold, Some(into.to_string()))])?;
    Ok(store.verify(&store.head()?)?)
}

fn merged_away_takes_no_more<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, two, three) = (house.admit(store)?, house.admit(store)?, house.admit(store)?);
    let (record, by) = (house.seal(&one)?, house.by());
    store.put(&record, &by)?;
    let pairs = [(one.token(), two.token()), (two.token(), three.token())];
    let one_patient = |error: &StoreError| matches!(error, StoreError::OnePatient);
    refused(store.rebind(&[], one.token(), one.token(), &by), one_patient)?;
    for pair in pairs {
        rotation::merge(store, &house.vault, pair, &by, &mut house.random)?;
    }
    let (head, late) = (store.head()?, house.seal(&one)?);
    let merged = |error: &StoreError| matches!(error, StoreError::Merged { into } if *into == three.token());
    refused(store.put(&late, &by), merged)?;
    refused(store.put_all(std::slice::from_ref(&late), &by), merged)?;
    // Neither again, nor back.
    for (from, into) in [pairs[0], (three.token(), one.token())] {
        refused(store.rebind(&[], from, into, &by), merged)?;
    }
    equal((store.head()?, store.records_of(three.token())?.len()), (head, 1))?;
    store.put(&house.seal(&three)?, &by)?;
    Ok(store.verify(&store.head()?)?)
}

fn hold_reaches_who_is_left<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (from, into) = (house.admit(store)?.token(), house.admit(store)?.token());
    let by = house.by();
    rotation::merge(store, &house.vault, (from, into), &by, &mut house.random)?;
    let receipt = store.hold(from, "case 12", &by)?;
    equal((store.holds(from)?, store.holds(into)?), (vec!["case 12".to_owned()], vec!["case 12".to_owned()]))?;
    refused(store.destroy(into, "retention ended", &by), |error| matches!(error, StoreError::OnHold))?;
    let told = store.events(receipt.index..receipt.index + 2)?;
    let told: Vec<_> = told.into_iter().map(|(_, event)| (event.kind, event.patient)).collect();
    equal(told, vec![(Kind::Hold, Some(from.to_string())), (Kind::Hold, Some(into.to_string()))])?;
    // Each is released alone.
    store.release(from, "case 12", &by)?;
    equal(store.holds(into)?, vec!["case 12".to_owned()])?;
    Ok(store.verify(&store.head()?)?)
}

fn destruction_reaches_who_was_merged<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, two, three) = (house.admit(store)?, house.admit(store)?, house.admit(store)?);
    let (copy, by) = (house.seal(&one)?, house.by());
    store.put(&copy, &by)?;
    for pair in [(one.token(), two.token()), (two.token(), three.token())] {
        rotation::merge(store, &house.vault, pair, &by, &mut house.random)?;
    }
    let mut merged = vec![one.token(), two.token()];
    merged.sort();
    equal(store.merged_into(three.token())?, merged)?;
    // The records are with the third: that they are gone is not said while they can be read.
    let away = |error: &StoreError| matches!(error, StoreError::Merged { into } if *into == three.token());
    refused(store.begin_destruction(one.token(), "retention ended", &by), away)?;
    store.hold(one.token(), "case 12", &by)?;
    store.release(three.token(), "case 12", &by)?;
    let held = |error: &StoreError| matches!(error, StoreError::OnHold);
    refused(store.begin_destruction(three.token(), "retention ended", &by), held)?;
    store.release(one.token(), "case 12", &by)?;

    rotation::shred(store, &house.vault, three.token(), "retention ended", &by)?;
    equal(store.destructions()?, vec![])?;
    for patient in [&one, &two, &three] {
        let error = house.vault.unlock(patient.token(), &store.wrapped_keys(patient.token())?).err();
        equal(error, Some(VaultError::Open(OpenError::KeyDestroyed(patient.label()))))?;
    }
    equal(store.tombstones()?.len(), 3)?;
    Ok(store.verify(&store.head()?)?)
}

fn destroyed_is_destroyed<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (gone, other) = (house.admit(store)?, house.admit(store)?);
    let records = [house.seal(&gone)?, house.seal(&other)?];
    let index = house.found_index(store)?;
    for record in &records {
        store.put_indexed(record, &index.tokens(&house.condition)?, &house.by())?;
    }
    rotation::shred(store, &house.vault, gone.token(), "retention ended", &house.by())?;
    let label = gone.label();
    let error = house.vault.unlock(gone.token(), &store.wrapped_keys(gone.token())?).err();
    equal(error, Some(VaultError::Open(OpenError::KeyDestroyed(label))))?;
    equal(store.find(&index.search(&["J45.909"])?, &house.by())?, vec![records[1].id()])?;
    let destroyed = |error: &StoreError| matches!(error, StoreError::KeyDestroyed);
    refused(store.put(&house.seal(&gone)?, &house.by()), destroyed)?;
    refused(store.destroy(gone.token(), "again", &house.by()), destroyed)?;
    refused(store.renew(gone.token(), &house.vault.renew(&gone, &mut house.random)?, &house.by()), destroyed)?;
    refused(store.hold(gone.token(), "case 1", &house.by()), destroyed)?;
    equal(house.opens(&records[1], &other, store)?, true)?;

    let tombstones = store.tombstones()?;
    let [tombstone] = &tombstones[..] else { return Err("one tombstone".into()) };
    equal(
        (tombstone.event.kind, &tombstone.event.agent, tombstone.event.recorded),
        (Kind::KeyDestruction, &house.by().agent, house.now),
    )?;
    equal(tombstone.destroyed(&TrustedHead::of(store)?), Some(gone.token()))?;
    equal(tombstone.event.reasons[0].rule.as_str(), "retention ended")?;
    Ok(store.verify(&store.head()?)?)
}

fn destroyed_in_memory_is_destroyed<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (gone, other) = (house.admit(store)?, house.admit(store)?);
    let (record, kept) = (house.seal(&gone)?, house.seal(&other)?);
    store.put_all(&[record.clone(), kept.clone()], &house.by())?;
    let request = house.request("physician", Purpose::Treatment);
    store.begin_destruction(gone.token(), "retention ended", &house.by())?;
    for is_ended in [false, true] {
        if is_ended {
            store.end_destruction(gone.token())?;
        }
        let first = store.head()?.size;
        let ruling = house.rule(&record, &gone, &request)?;
        refused(
            house.vault.disclose(ruling, store),
            |error| matches!(error, DiscloseError::Refused(at) if at.receipt.index == first),
        )?;
        // Of a batch each has its own answer, in its own entry.
        let batch = vec![house.rule(&kept, &other, &request)?, house.rule(&record, &gone, &request)?];
        let mut outcomes = house.vault.disclose_all(batch, store)?.into_iter();
        equal(outcomes.next().is_some_and(|outcome| outcome.is_ok()), true)?;
        refused(
            outcomes.next().ok_or("no outcome")?,
            |error| matches!(error, DiscloseError::Refused(at) if at.receipt.index == first + 2),
        )?;
        let told: Vec<_> = store.events(first..u64::MAX)?.into_iter().map(|(_, event)| event).collect();
        let [alone, opened, beside] = &told[..] else { return Err("three entries".into()) };
        equal((opened.kind, &opened.patient), (Kind::Disclosure, &Some(other.token().to_string())))?;
        for event in [alone, beside] {
            equal((event.kind, event.outcome), (Kind::Denial, event::Outcome::MinorFailure))?;
            equal((&event.patient, event.granted.len()), (&Some(gone.token().to_string()), 0))?;
            equal((event.withheld.is_empty(), &event.sealed), (false, &None))?;
        }
    }
    // A refusal by the policy is an entry as ever, and so is the opening for somebody else.
    let ruling = house.rule(&record, &gone, &house.request("stranger", Purpose::Treatment))?;
    equal(matches!(house.vault.disclose(ruling, store), Err(DiscloseError::Denied(_))), true)?;
    equal(house.opens(&kept, &other, store)?, true)?;
    Ok(store.verify(&store.head()?)?)
}

fn query_tells_of_each<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (gone, other) = (house.admit(store)?, house.admit(store)?);
    let (record, kept) = (house.seal(&gone)?, house.seal(&other)?);
    let damaged = with_version(&kept, 2)?;
    store.begin_destruction(gone.token(), "retention ended", &house.by())?;
    let request = house.request("physician", Purpose::Treatment);
    let destroyed = VaultError::Open(OpenError::KeyDestroyed(gone.label()));
    let House { vault, policy, random, now, .. } = house;
    let first = store.head()?.size;
    let records = [(&record, &gone), (&damaged, &other), (&kept, &other)];
    let viewed = vault.view_all(records, policy, &request, *now, store, random)?;
    let alone = vault.view((&record, &gone), policy, &request, *now, store, random);
    let mut came = viewed.into_iter().chain([alone]).zip(first..).map(|(outcome, index)| match outcome {
        Ok(view) => (view.receipt().index == index).then_some(Ok(())),
        Err(ViewError::Failed { error, receipt }) => (receipt.index == index).then_some(Err(error)),
        Err(_) => None,
    });
    equal(
        (came.next(), came.nth(1), came.next()),
        (Some(Some(Err(destroyed))), Some(Some(Ok(()))), Some(Some(Err(destroyed)))),
    )?;
    let told: Vec<_> =
        store.events(first..u64::MAX)?.into_iter().map(|(_, event)| (event.kind, event.outcome)).collect();
    let refused = (Kind::Denial, event::Outcome::MinorFailure);
    let serious = (Kind::Denial, event::Outcome::SeriousFailure);
    equal(told, vec![refused, serious, (Kind::Disclosure, event::Outcome::Success), refused])?;
    Ok(store.verify(&store.head()?)?)
}

fn hold_refuses<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let (token, by) = (patient.token(), house.by());
    store.hold(token, "case 12", &by)?;
    store.hold(token, "audit 7", &by)?;
    equal(store.holds(token)?, vec!["audit 7".to_owned(), "case 12".to_owned()])?;
    for matter in ["case 12", "audit 7"] {
        refused(store.destroy(token, "retention ended", &by), |error| matches!(error, StoreError::OnHold))?;
        equal(store.wrapped_keys(token)?.iter().any(WrappedKey::is_destroyed), false)?;
        store.release(token, matter, &by)?;
        refused(store.release(token, matter, &by), |error| matches!(error, StoreError::NotOnHold))?;
    }
    store.destroy(token, "retention ended", &by)?;
    let told: Vec<_> = store.events(0..9)?.into_iter().map(|(_, event)| (event.kind, event.outcome)).collect();
    let (hold, release) = ((Kind::Hold, event::Outcome::Success), (Kind::Hold, event::Outcome::Success));
    let (tried, done) = (event::Outcome::MinorFailure, event::Outcome::Success);
    let [tried, done] = [tried, done].map(|outcome| (Kind::KeyDestruction, outcome));
    equal(told, vec![hold, hold, tried, release, tried, release, done])?;
    Ok(store.verify(&store.head()?)?)
}

/// A key service that keeps something of each key it wraps, and does not always answer. Clones are doors to the same service.
#[derive(Clone)]
struct Outside {
    keyring: Arc<Keyring>,
    kept: Arc<Mutex<BTreeSet<Vec<u8>>>>,
    answers: Arc<AtomicBool>,
    /// What it was handed to destroy.
    handed: Arc<Mutex<Vec<WrappedKey>>>,
}

impl KeyService for Outside {
    fn current(&self) -> KeyLabel {
        self.keyring.current()
    }

    fn wrap(&self, key: &SubjectKey, to: &KeyContext<'_>, rng: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
        self.kept().insert(name(key.label()));
        self.keyring.wrap(key, to, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey, to: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        let is_kept = self.kept().contains(&name(wrapped.key()));
        if is_kept { self.keyring.unwrap(wrapped, to) } else { Err(OpenError::KeyDestroyed(wrapped.key())) }
    }

    fn destroy(&self, wrapped: &WrappedKey, _: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        if !self.answers.load(Ordering::Relaxed) {
            return Err(OpenError::ServiceUnavailable);
        }
        self.kept().remove(&name(wrapped.key()));
        self.handed.lock().expect("no thread panics").push(wrapped.clone());
        Ok(wrapped.tombstone())
    }
}

impl Outside {
    fn kept(&self) -> MutexGuard<'_, BTreeSet<Vec<u8>>> {
        self.kept.lock().expect("no thread panics")
    }
}

fn name(label: KeyLabel) -> Vec<u8> {
    [&label.id.to_bytes()[..], &label.version.to_be_bytes()].concat()
}

impl House {
    /// A key service outside of the house, and a vault over it.
    fn outside(&mut self) -> Outcome<(Outside, Vault<Outside>)> {
        let passphrase = Passphrase::from("an invented passphrase".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut self.random)?.into();
        let answers = Arc::new(AtomicBool::new(true));
        let service = Outside { keyring, kept: Arc::default(), answers, handed: Arc::default() };
        Ok((service.clone(), Vault::new(service, "north-clinic", LabelSets::starter())))
    }
}

fn begun_is_ended<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (service, vault) = house.outside()?;
    let (patient, wrapped) = vault.admit(&mut house.random)?;
    let (token, by) = (patient.token(), house.by());
    store.admit(token, &wrapped)?;
    service.answers.store(false, Ordering::Relaxed);
    let refusal = rotation::shred(store, &vault, token, "retention ended", &by).err();
    equal(matches!(refusal, Some(RotationError::Vault(VaultError::Open(OpenError::ServiceUnavailable)))), true)?;
    equal(store.destructions()?, vec![(token, vec![wrapped])])?;
    equal(store.tombstones()?, vec![])?;
    equal(rotation::resume(store, &vault).is_err(), true)?;

    // Someone else tries again later, for another reason. What was begun first is what is told.
    service.answers.store(true, Ordering::Relaxed);
    let later = WriteBy { at: by.at + TimeDelta::days(1), ..by.clone() };
    let receipt = rotation::shred(store, &vault, token, "a second reason", &later)?;
    let told = store.events(receipt.index..receipt.index + 1)?.pop().ok_or("no entry")?.1;
    equal((told.recorded, told.reasons[0].rule.as_str()), (by.at, "retention ended"))?;
    equal((service.kept().is_empty(), store.destructions()?), (true, vec![]))?;
    equal(told_of(&store.tombstones()?), vec![told])?;
    equal(rotation::resume(store, &vault)?.len(), 0)?;
    refused(store.end_destruction(token), |error| matches!(error, StoreError::KeyDestroyed))?;
    let other = house.admit(store)?;
    refused(store.end_destruction(other.token()), |error| matches!(error, StoreError::NotBegun))?;
    Ok(store.verify(&store.head()?)?)
}

fn begun_is_seen_as_done<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let (token, by) = (patient.token(), house.by());
    let record = house.seal(&patient)?;
    let index = house.found_index(store)?;
    store.put_indexed(&record, &index.tokens(&house.condition)?, &by)?;
    let next = house.vault.renew(&patient, &mut house.random)?;
    store.renew(token, &next, &by)?;
    equal(store.begin_destruction(token, "retention ended", &by)?.len(), 2)?;
    let error = house.vault.unlock(token, &store.wrapped_keys(token)?).err();
    equal(error, Some(VaultError::Open(OpenError::KeyDestroyed(patient.label()))))?;
    equal(store.find(&index.search(&["J45.909"])?, &house.by())?, vec![])?;
    let destroyed = |error: &StoreError| matches!(error, StoreError::KeyDestroyed);
    refused(store.put(&house.seal(&patient)?, &by), destroyed)?;
    let anew = house.vault.reseal(&record, &patient, &mut house.random)?;
    refused(store.reseal(&[anew], &by), destroyed)?;
    refused(store.hold(token, "case 1", &by), destroyed)?;
    refused(store.renew(token, &house.vault.renew(&patient, &mut house.random)?, &by), destroyed)?;
    refused(store.rewrap(&[(token.into(), next)], &by), destroyed)?;
    // No sweep takes it up either.
    equal(store.under_older_keys(0, 9)?, vec![])?;
    house.rotate_keyring()?;
    let owners = store.wrapped_otherwise(house.vault.wrapping_key(), 0, 9)?.into_iter().map(|found| found.kept.0);
    equal(owners.collect::<Vec<_>>(), vec![KeyOwner::house(DIAGNOSIS)])?;
    store.verify(&store.head()?)?;
    equal(rotation::resume(store, &house.vault)?.len(), 1)?;
    Ok(store.verify(&store.head()?)?)
}

fn told_of(tombstones: &[Tombstone]) -> Vec<event::Event> {
    tombstones.iter().map(|tombstone| tombstone.event.clone()).collect()
}

fn tombstones_reach_the_service<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (service, vault) = house.outside()?;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let (patient, wrapped) = vault.admit(&mut house.random)?;
        store.admit(patient.token(), &wrapped)?;
        tokens.push(patient.token());
    }
    let backup = service.kept().clone();
    rotation::shred(store, &vault, tokens[0], "retention ended", &house.by())?;
    equal(service.kept().len(), 1)?;
    // The key service is set back. The store has its tombstones, and hands them on.
    *service.kept() = backup;
    let trusted = TrustedHead::of(store)?;
    equal(rotation::replay(store, &vault, &store.tombstones()?, &trusted)?.len(), 0)?;
    equal(service.kept().len(), 1)?;
    equal(vault.unlock(tokens[1], &store.wrapped_keys(tokens[1])?).is_ok(), true)
}

fn begun_is_replayed<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (service, vault) = house.outside()?;
    let (patient, wrapped) = vault.admit(&mut house.random)?;
    let (token, by) = (patient.token(), house.by());
    // The store is a backup from between the beginning and the end of a destruction.
    let mut later = SqliteStore::open_in_memory()?;
    for store in [store as &mut dyn Store, &mut later] {
        store.admit(token, &wrapped)?;
        store.begin_destruction(token, "retention ended", &by)?;
    }
    later.end_destruction(token)?;
    equal(rotation::replay(store, &vault, &later.tombstones()?, &TrustedHead::of(&later)?)?.len(), 1)?;
    equal(service.handed.lock().map_err(|_| "a thread panicked")?.clone(), vec![wrapped])?;
    equal(told_of(&store.tombstones()?), told_of(&later.tombstones()?))?;
    Ok(store.verify(&store.head()?)?)
}

fn retired_wraps_nothing<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let (old, by) = (house.vault.wrapping_key(), house.by());
    let (stranger, late) = house.vault.admit(&mut house.random)?;
    let again = store.wrapped_keys(patient.token())?.pop().ok_or("no key")?;
    let renewed = house.vault.renew(&patient, &mut house.random)?;
    refused(store.retire(old, &TrustedHead::of(store)?, &by), |error| {
        matches!(error, StoreError::KeyInUse { keys: 1 })
    })?;
    equal(store.head()?.size, 0)?;
    house.rotate_keyring()?;
    while Sweep::new(2).rewrap(store, &house.vault, &by, &mut house.random)? {}
    store.retire(old, &TrustedHead::of(store)?, &by)?;
    let size = store.head()?.size;
    store.retire(old, &TrustedHead::of(store)?, &by)?;
    equal(store.head()?.size, size)?;
    // A program that still has the old keyring open is told.
    let retired = |error: &StoreError| matches!(error, StoreError::RetiredKey);
    refused(store.admit(stranger.token(), &late), retired)?;
    refused(store.renew(patient.token(), &renewed, &by), retired)?;
    refused(store.rewrap(&[(patient.token().into(), again)], &by), retired)?;
    equal(store.patients()?, vec![patient.token()])?;
    equal(house.vault.unlock(patient.token(), &store.wrapped_keys(patient.token())?).is_ok(), true)?;
    let (_, told) = store.events(size - 1..size)?.pop().ok_or("no entry")?;
    equal((told.kind, told.action), (Kind::KeyRotation, event::Action::Delete))?;
    Ok(store.verify(&store.head()?)?)
}

fn key_is_kept<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, wrapped) = house.vault.admit(&mut house.random)?;
    store.admit(patient.token(), &wrapped)?;
    // A version of the key that was made and never stored: what it seals, nobody could read.
    let kept = [wrapped, house.vault.renew(&patient, &mut house.random)?];
    let ahead = house.vault.unlock(patient.token(), &kept)?;
    let missing = |error: &StoreError| matches!(error, StoreError::MissingKey { .. });
    refused(store.put(&house.seal(&ahead)?, &house.by()), missing)?;
    let record = house.seal(&patient)?;
    store.put(&record, &house.by())?;
    let anew = house.vault.reseal(&record, &ahead, &mut house.random)?;
    refused(store.reseal(&[anew], &house.by()), missing)?;
    equal(store.get(record.id())?, Some(record))
}

fn tombstones_are_replayed<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    // The store as it is before, twice: the second is what a backup would bring back.
    let (patient, wrapped) = house.vault.admit(&mut house.random)?;
    let (stranger, unknown) = house.vault.admit(&mut house.random)?;
    let mut later = SqliteStore::open_in_memory()?;
    later.admit(patient.token(), &wrapped)?;
    later.admit(stranger.token(), &unknown)?;
    store.admit(patient.token(), &wrapped)?;
    later.destroy(patient.token(), "retention ended", &house.by())?;
    later.destroy(stranger.token(), "retention ended", &house.by())?;
    let tombstones = later.tombstones()?;
    equal(tombstones.len(), 2)?;
    // The head comes from where it was kept, signed.
    let log = Signer::new("north-clinic.example/trail", &[5; 32])?;
    let kept = SignedCheckpoint::sign(Checkpoint::new(log.name(), later.head()?)?, &log)?.to_string();
    let trusted = kept.parse::<SignedCheckpoint>()?.trusted_head(&log.log_verifier(), &[], 0)?;
    equal(store.replay(&tombstones, &trusted)?.len(), 1)?;
    equal(store.wrapped_keys(patient.token())?.iter().all(WrappedKey::is_destroyed), true)?;
    equal(store.replay(&tombstones, &trusted)?.len(), 0)?;
    equal(told_of(&store.tombstones()?), told_of(&tombstones[..1]))?;
    Ok(store.verify(&store.head()?)?)
}

fn replay_is_proven<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (service, vault) = house.outside()?;
    let (patient, wrapped) = vault.admit(&mut house.random)?;
    let (token, by) = (patient.token(), house.by());
    let mut later = SqliteStore::open_in_memory()?;
    later.admit(token, &wrapped)?;
    store.admit(token, &wrapped)?;
    later.hold(token, "case 1", &by)?;
    refused(later.destroy(token, "retention ended", &by), |error| matches!(error, StoreError::OnHold))?;
    let (_, tried) = later.events(1..2)?.pop().ok_or("no entry")?;
    let tried = Tombstone { event: tried, proof: later.inclusion(1, 2)? };
    let after_trying = TrustedHead::of(&later)?;
    later.release(token, "case 1", &by)?;
    later.destroy(token, "retention ended", &by)?;
    let [tombstone] = &later.tombstones()?[..] else { return Err("one tombstone".into()) };
    // An entry that nobody wrote, one of a destruction that was refused, and one that another head does not prove.
    let mut made_up = Tombstone {
        event: event::Event::new(house.now, Kind::KeyDestruction, event::Action::Delete, by.agent),
        ..tombstone.clone()
    };
    made_up.event.patient = Some(token.to_string());
    for (unproven, trusted) in [
        (&made_up, TrustedHead::of(&later)?),
        (&tried, after_trying),
        (tombstone, after_trying),
        (tombstone, TrustedHead::of(store)?),
    ] {
        let batch = [tombstone.clone(), unproven.clone()];
        let refusal = rotation::replay(store, &vault, &batch[1..], &trusted).map(drop);
        equal(matches!(refusal, Err(RotationError::Store(StoreError::UnprovenTombstone { number: 1 }))), true)?;
        let unproven = |error: &StoreError| matches!(error, StoreError::UnprovenTombstone { .. });
        refused(store.replay(&batch, &trusted), unproven)?;
    }
    equal((service.kept().len(), store.head()?.size), (1, 0))?;
    equal(vault.unlock(token, &store.wrapped_keys(token)?).is_ok(), true)
}

fn hold_stops_replay<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (service, vault) = house.outside()?;
    let by = house.by();
    let (held, wrapped_held) = vault.admit(&mut house.random)?;
    let (free, wrapped_free) = vault.admit(&mut house.random)?;
    let mut later = SqliteStore::open_in_memory()?;
    for (patient, wrapped) in [(&held, &wrapped_held), (&free, &wrapped_free)] {
        store.admit(patient.token(), wrapped)?;
        later.admit(patient.token(), wrapped)?;
        later.destroy(patient.token(), "retention ended", &by)?;
    }
    let (tombstones, trusted) = (later.tombstones()?, TrustedHead::of(&later)?);
    store.hold(held.token(), "case 1", &by)?;
    let refusal = rotation::replay(store, &vault, &tombstones, &trusted).map(drop);
    equal(matches!(refusal, Err(RotationError::Store(StoreError::OnHold))), true)?;
    // The other key is gone; this one, and the hold, stay, and the trail says that it was tried.
    equal(vault.unlock(held.token(), &store.wrapped_keys(held.token())?).is_ok(), true)?;
    equal((service.kept().len(), store.tombstones()?.len()), (1, 1))?;
    equal(store.holds(held.token())?, vec!["case 1".to_owned()])?;
    let told = |store: &S| {
        Ok::<_, Box<dyn Error>>(
            store.events(0..9)?.into_iter().map(|(_, event)| (event.kind, event.outcome)).collect::<Vec<_>>(),
        )
    };
    let refused = (Kind::KeyDestruction, event::Outcome::MinorFailure);
    equal(told(store)?.contains(&refused), true)?;
    // Who lifts the hold is on the trail before the key goes.
    store.release(held.token(), "case 1", &by)?;
    equal(rotation::replay(store, &vault, &tombstones, &trusted)?.len(), 1)?;
    let destroyed = (Kind::KeyDestruction, event::Outcome::Success);
    equal(told(store)?[3..].to_vec(), vec![(Kind::Hold, event::Outcome::Success), destroyed])?;
    equal(service.kept().len(), 0)?;
    Ok(store.verify(&store.head()?)?)
}

fn found_by_tokens<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 2)?;
    let index = house.found_index(store)?;
    let of = |code: &str| -> Outcome<Vec<Token>> { Ok(index.search(&[code])?) };
    let (asthma, diabetes) = (of("J45.909")?, of("E11.9")?);
    store.put_indexed(&versions[0], &[&asthma[..], &asthma].concat(), &house.by())?;
    let id = versions[0].id();
    equal(index.tokens(&house.condition)?, asthma.clone())?;
    // In a batch, each has its own; and where one is refused, none is found.
    let (other, third) = (house.seal(&patient)?, house.seal(&patient)?);
    let stray = with_version(&third, 2)?;
    let batch = [(&other, &diabetes[..]), (&stray, &diabetes)];
    refused(store.put_all_indexed(&batch, &house.by()), |error| matches!(error, StoreError::Conflict { .. }))?;
    equal(store.find(&diabetes, &house.by())?, vec![])?;
    equal(store.put_all_indexed(&[(&other, &diabetes[..]), (&third, &[])], &house.by())?.len(), 2)?;
    equal((store.find(&asthma, &house.by())?, store.find(&diabetes, &house.by())?), (vec![id], vec![other.id()]))?;
    store.put(
        &house.vault.seal_next(&house.condition, &patient, &Author::unknown(), &other, &mut house.random)?,
        &house.by(),
    )?;
    equal((store.find(&asthma, &house.by())?, store.find(&diabetes, &house.by())?), (vec![id], vec![]))?;
    store.put_indexed(&versions[1], &diabetes, &house.by())?;
    equal(
        (store.find(&asthma, &house.by())?, store.find(&[asthma, diabetes].concat(), &house.by())?),
        (vec![], vec![id]),
    )?;
    Ok(store.verify(&store.head()?)?)
}

fn house_key_follows<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let by = house.by();
    let first = house.vault.new_house_key(DIAGNOSIS, &mut house.random)?;
    let second = house.vault.renew_house_key(DIAGNOSIS, std::slice::from_ref(&first), &mut house.random)?;
    let rival = house.vault.new_house_key(DIAGNOSIS, &mut house.random)?;
    let conflict = |expected| move |error: &StoreError| matches!(error, StoreError::KeyConflict { current } if *current == expected);
    refused(store.keep_house_key(DIAGNOSIS, &second, &by), conflict(0))?;
    store.keep_house_key(DIAGNOSIS, &first, &by)?;
    refused(store.keep_house_key(DIAGNOSIS, &rival, &by), conflict(1))?;
    store.keep_house_key(DIAGNOSIS, &second, &by)?;
    refused(store.keep_house_key(DIAGNOSIS, &second, &by), conflict(2))?;
    equal(store.house_keys(DIAGNOSIS)?, vec![first, second])?;
    let number = house.vault.new_house_key("record number", &mut house.random)?;
    store.keep_house_key("record number", &number, &by)?;
    equal(store.house_key_names()?, vec![DIAGNOSIS.to_owned(), "record number".to_owned()])?;
    equal(store.house_keys("surname")?, vec![])?;
    // What is kept opens: an index, and a field that is sealed to equal bytes.
    house.open_index(store)?;
    let field = Field::new("record number", 200_000)?;
    equal(house.vault.open_field(&field, &store.house_keys("record number")?)?.len(), 1)?;
    // No patient's key is taken for one of the house, nor the reverse.
    let (patient, wrapped) = house.vault.admit(&mut house.random)?;
    let unauthentic = Some(VaultError::Open(OpenError::Unauthentic));
    equal(house.vault.open_field(&field, &[wrapped]).err(), unauthentic)?;
    equal(house.vault.unlock(patient.token(), &[number]).err(), unauthentic)?;
    let told: Vec<_> = store.events(0..9)?.into_iter().map(|(_, event)| (event.kind, event.action)).collect();
    equal(told, vec![(Kind::KeyRotation, event::Action::Create); 3])?;
    // What the trail says of a key is read again to verify, so it stays as it is written.
    let (_, told) = store.events(2..3)?.pop().ok_or("no entry")?;
    let label = store.house_keys("record number")?[0].key();
    equal(told.reasons[0].rule.clone(), format!("the house's key {label} record number"))?;
    Ok(store.verify(&store.head()?)?)
}

fn sweep_rewraps_the_house<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let by = house.by();
    let patient = house.admit(store)?;
    let index = house.found_index(store)?;
    let found = index.search(&["J45.909"])?;
    house.renew_index(store)?;
    // One that was kept under a name that is not its own does not open, and holds up no other.
    let misnamed = house.vault.new_house_key("surname", &mut house.random)?;
    store.keep_house_key("given name", &misnamed, &by)?;
    let old = house.vault.wrapping_key();
    house.rotate_keyring()?;
    refused(store.retire(old, &TrustedHead::of(store)?, &by), |error| {
        matches!(error, StoreError::KeyInUse { keys: 4 })
    })?;
    let mut cut_short = Sweep::new(2);
    equal(cut_short.rewrap(store, &house.vault, &by, &mut house.random)?, true)?;
    let mut sweep = Sweep::new(2);
    while sweep.rewrap(store, &house.vault, &by, &mut house.random)? {}
    let unauthentic = VaultError::Open(OpenError::Unauthentic);
    let failed = vec![(Swept::Key(KeyOwner::house("given name")), unauthentic)];
    equal((cut_short.done(), sweep.done(), sweep.failed().to_vec()), (2, 1, failed))?;
    equal(store.wrapped_keys(patient.token())?[0].wrapped_by(), house.vault.wrapping_key())?;
    let kept = store.house_keys(DIAGNOSIS)?;
    equal(kept.iter().all(|key| key.wrapped_by() == house.vault.wrapping_key()), true)?;
    equal(house.open_index(store)?.search(&["J45.909"])?[1..].to_vec(), found)?;
    // The key that nobody can open still counts.
    refused(store.retire(old, &TrustedHead::of(store)?, &by), |error| {
        matches!(error, StoreError::KeyInUse { keys: 1 })
    })?;
    Ok(store.verify(&store.head()?)?)
}

fn search_is_told<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let record = house.seal(&patient)?;
    let index = house.found_index(store)?;
    store.put_indexed(&record, &index.tokens(&house.condition)?, &house.by())?;
    for (code, expected) in [("J45.909", vec![record.id()]), ("E11.9", vec![])] {
        let before = store.head()?.size;
        let tokens = index.search(&[code])?;
        let told = format!("{} found", expected.len());
        equal(store.find(&tokens, &house.by())?, expected)?;
        let (_, event) = store.events(before..u64::MAX)?.pop().ok_or("no entry")?;
        equal((event.kind, &*event.agent.id, event.recorded), (Kind::Search, "nurse-3", house.now))?;
        equal((event.patient.as_ref(), event.record.as_ref()), (None, None))?;
        let rules: Vec<_> = event.reasons.iter().map(|reason| &*reason.rule).collect();
        equal(rules, vec![&*format!("by {DIAGNOSIS}"), &told])?;
        let written = event.to_bytes();
        let value = tokens[0].token().value().to_be_bytes();
        let says = [code.as_bytes(), &value].iter().any(|it| written.windows(it.len()).any(|here| here == *it));
        equal(says, false)?;
    }
    Ok(store.verify(&store.head()?)?)
}

fn index_is_renewed<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, by) = (house.admit(store)?, house.by());
    let versions = house.seal_versions(&patient, 2)?;
    let conflict = |expected| move |error: &StoreError| matches!(error, StoreError::IndexConflict { current, .. } if *current == expected);
    let stranger = house.vault.new_house_key(DIAGNOSIS, &mut house.random)?;
    let unkept = house.vault.open_index(&diagnosis()?, &[stranger])?;
    let tokens = unkept.tokens(&house.condition)?;
    refused(store.put_indexed(&versions[0], &tokens, &by), conflict(0))?;
    refused(store.find(&tokens, &house.by()), conflict(0))?;

    let old = house.found_index(store)?;
    store.put_indexed(&versions[0], &old.tokens(&house.condition)?, &by)?;
    house.renew_index(store)?;
    let new = house.open_index(store)?;
    // Who still has the index open under the old key is told, and neither hides a record nor misses one.
    let head = store.head()?;
    refused(store.put_indexed(&versions[1], &old.tokens(&house.condition)?, &by), conflict(2))?;
    refused(store.find(&old.search(&["J45.909"])?, &house.by()), conflict(2))?;
    refused(store.find(&new.tokens(&house.condition)?, &house.by()), conflict(2))?;
    equal(store.head()?, head)?;
    let id = versions[0].id();
    equal(store.find(&new.search(&["J45.909"])?, &house.by())?, vec![id])?;
    equal((store.records_under(DIAGNOSIS, 1)?, store.records_under(DIAGNOSIS, 2)?), (1, 0))?;
    store.put_indexed(&versions[1], &new.tokens(&house.condition)?, &by)?;
    equal(store.find(&new.search(&["J45.909"])?, &house.by())?, vec![id])?;
    equal((store.records_under(DIAGNOSIS, 1)?, store.records_under(DIAGNOSIS, 2)?), (0, 1))?;
    Ok(store.verify(&store.head()?)?)
}

fn sweep_reindexes<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let by = house.by();
    let patients = [house.admit(store)?, house.admit(store)?];
    let old = house.found_index(store)?;
    let mut ids = Vec::new();
    for patient in [0, 1, 0, 1, 0] {
        let record = house.seal(&patients[patient])?;
        store.put_indexed(&record, &old.tokens(&house.condition)?, &by)?;
        ids.push(record.id());
    }
    let unindexed = house.seal(&patients[0])?;
    store.put(&unindexed, &by)?;
    house.renew_index(store)?;
    let index = house.open_index(store)?;
    // A sweep that is cut short is begun again, and finds what is left.
    let mut cut_short = Sweep::new(2);
    let size = store.head()?.size;
    equal(cut_short.reindex(store, &house.vault, &index, &by)?, true)?;
    let told: Vec<_> =
        store.events(size..size + 9)?.into_iter().map(|(_, event)| (event.action, event.patient)).collect();
    let found_by = store.events(size + 2..size + 4)?.into_iter().map(|(_, event)| event.found_by.is_some());
    equal(found_by.collect::<Vec<_>>(), vec![true, true])?;
    let token = |patient: usize| Some(patients[patient].token().to_string());
    let (execute, update) = (event::Action::Execute, event::Action::Update);
    equal(told, vec![(execute, token(0)), (execute, token(1)), (update, token(0)), (update, token(1))])?;
    let mut sweep = Sweep::new(2);
    while sweep.reindex(store, &house.vault, &index, &by)? {}
    equal((cut_short.done(), sweep.done(), sweep.failed()), (2, 3, &[][..]))?;
    equal((store.records_under(DIAGNOSIS, 1)?, store.records_under(DIAGNOSIS, 2)?), (0, 5))?;
    ids.sort();
    equal(store.find(&index.search(&["J45.909"])?, &house.by())?, ids)?;
    // What has nothing to do leaves no entry.
    let head = store.head()?;
    equal(Sweep::new(2).reindex(store, &house.vault, &index, &by)?, false)?;
    equal(store.head()?, head)?;
    Ok(store.verify(&head)?)
}

fn new_index_takes_in<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, gone, by) = (house.admit(store)?, house.admit(store)?, house.by());
    let versions = house.seal_versions(&patient, 2)?;
    store.put_all(&versions, &by)?;
    let late = house.seal(&patient)?;
    store.put(&house.seal(&gone)?, &by)?;
    rotation::shred(store, &house.vault, gone.token(), "retention ended", &by)?;
    let index = house.found_index(store)?;
    store.put_indexed(&late, &index.tokens(&house.condition)?, &by)?;
    // One of another type, and one without a value.
    let checked = |text: &str| -> Outcome<_> {
        Ok(parse(text.as_bytes(), Mode::Strict)?.check(&Checks::structure()).map_err(|_| "the check refuses")?)
    };
    for text in
        [r#"{"resourceType":"Device"}"#, r#"{"resourceType":"Condition","subject":{"reference":"Patient/a-1"}}"#]
    {
        let other = house.vault.seal(&checked(text)?, &patient, &Author::unknown(), &mut house.random)?;
        store.put(&other, &by)?;
    }
    let mut sweep = Sweep::new(1);
    while sweep.index(store, &house.vault, &index, &by)? {}
    equal((sweep.done(), sweep.failed()), (1, &[][..]))?;
    let mut ids = [versions[0].id(), late.id()];
    ids.sort();
    equal(store.find(&index.search(&["J45.909"])?, &house.by())?, ids.to_vec())?;
    // What has no value is opened again, and nothing is written of tokens that it neither had nor has.
    let size = store.head()?.size;
    let mut nothing = Sweep::new(9);
    while nothing.index(store, &house.vault, &index, &by)? {}
    let told: Vec<_> = store.events(size..u64::MAX)?.into_iter().map(|(_, event)| event.kind).collect();
    equal((nothing.done(), told), (0, vec![Kind::Disclosure]))?;
    // What was stored under an older key is taken in too.
    house.renew_index(store)?;
    let index = house.open_index(store)?;
    let mut again = Sweep::new(9);
    while again.index(store, &house.vault, &index, &by)? {}
    equal((again.done(), store.records_under(DIAGNOSIS, 1)?), (2, 0))?;
    Ok(store.verify(&store.head()?)?)
}

fn merge_takes_tokens_along<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (from, into, by) = (house.admit(store)?, house.admit(store)?, house.by());
    let record = house.seal(&from)?;
    let index = house.found_index(store)?;
    let found = index.search(&["J45.909"])?;
    store.put_indexed(&record, &index.tokens(&house.condition)?, &by)?;
    rotation::merge(store, &house.vault, (from.token(), into.token()), &by, &mut house.random)?;
    equal(store.find(&found, &house.by())?, vec![record.id()])?;
    store.verify(&store.head()?)?;
    house.renew_index(store)?;
    let index = house.open_index(store)?;
    while Sweep::new(2).reindex(store, &house.vault, &index, &by)? {}
    let found = index.search(&["J45.909"])?;
    equal((store.find(&found, &house.by())?, store.records_under(DIAGNOSIS, 1)?), (vec![record.id()], 0))?;
    store.verify(&store.head()?)?;
    rotation::shred(store, &house.vault, into.token(), "retention ended", &by)?;
    equal(store.find(&found, &house.by())?, vec![])?;
    Ok(store.verify(&store.head()?)?)
}

fn reindexing_is_of_what_is_kept<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, gone, by) = (house.admit(store)?, house.admit(store)?, house.by());
    let versions = house.seal_versions(&patient, 2)?;
    let lost = house.seal(&gone)?;
    let old = house.found_index(store)?;
    for record in [&versions[0], &lost] {
        store.put_indexed(record, &old.tokens(&house.condition)?, &by)?;
    }
    house.renew_index(store)?;
    let index = house.open_index(store)?;
    let elsewhere = &mut MemoryTrail::new();
    let unkept = house.seal(&patient)?;
    let outdated = house.retoken((&versions[0], &patient), &old, elsewhere)?;
    let first = house.retoken((&versions[0], &patient), &index, elsewhere)?;
    let destroyed = house.retoken((&lost, &gone), &index, elsewhere)?;
    let unknown = house.retoken((&unkept, &patient), &index, elsewhere)?;
    refused(store.reindex(&[outdated], &by), |error| matches!(error, StoreError::IndexConflict { current: 2, .. }))?;
    refused(store.reindex(&[unknown], &by), |error| matches!(error, StoreError::MissingRecord { .. }))?;
    rotation::shred(store, &house.vault, gone.token(), "retention ended", &by)?;
    refused(store.reindex(&[first.clone(), destroyed], &by), |error| matches!(error, StoreError::KeyDestroyed))?;
    // A later version has tokens of its own.
    store.put(&versions[1], &by)?;
    refused(store.reindex(&[first], &by), |error| matches!(error, StoreError::Conflict { current: 2, .. }))?;
    equal(store.find(&index.search(&["J45.909"])?, &house.by())?, vec![])?;
    Ok(store.verify(&store.head()?)?)
}

fn damage_is_told_by_a_sweep<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, by) = (house.admit(store)?, house.by());
    let mut damaged = house.seal(&patient)?.to_bytes();
    *damaged.last_mut().ok_or("no bytes")? ^= 1;
    let damaged = SealedRecord::from_bytes(&damaged)?;
    store.put(&damaged, &by)?;
    let next = house.vault.renew(&patient, &mut house.random)?;
    store.renew(patient.token(), &next, &by)?;
    let index = house.found_index(store)?;
    let misnamed = house.vault.new_house_key("surname", &mut house.random)?;
    store.keep_house_key("given name", &misnamed, &by)?;
    house.rotate_keyring()?;

    let size = store.head()?.size;
    let mut sweep = Sweep::new(9);
    while sweep.reseal(store, &house.vault, &by, &mut house.random)? {}
    let mut indexed = Sweep::new(9);
    while indexed.index(store, &house.vault, &index, &by)? {}
    let mut keys = Sweep::new(9);
    while keys.rewrap(store, &house.vault, &by, &mut house.random)? {}
    let unauthentic = VaultError::Open(OpenError::Unauthentic);
    let failed = [(Swept::Record(damaged.id()), unauthentic)];
    equal((sweep.failed(), indexed.failed()), (&failed[..], &failed[..]))?;
    equal(keys.failed().len(), 1)?;

    let told = store.events(size..u64::MAX)?.into_iter().map(|(_, event)| event);
    let told: Vec<_> = told.filter(|event| event.outcome == event::Outcome::SeriousFailure).collect();
    let about = |event: &event::Event| (event.patient.clone(), event.record.as_ref().map(|record| record.id.clone()));
    let record = (Some(patient.token().to_string()), Some(damaged.id().to_string()));
    equal(told.iter().map(about).collect::<Vec<_>>(), vec![record.clone(), record, (None, None)])?;
    let reasons = told.iter().map(|event| event.reasons.last().map(|reason| reason.rule.clone()));
    equal(reasons.collect::<Vec<_>>(), vec![Some(unauthentic.to_string()); 3])?;
    Ok(store.verify(&store.head()?)?)
}

fn indexing_is_told_of<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other, by) = (house.admit(store)?, house.admit(store)?, house.by());
    for patient in [&one, &other] {
        store.put(&house.seal(patient)?, &by)?;
    }
    let index = house.found_index(store)?;
    let mut sweep = Sweep::new(9);
    while sweep.index(store, &house.vault, &index, &by)? {}
    equal(sweep.done(), 2)?;
    // It is no disclosure by the law, and an opening all the same.
    let (token, period) = (one.token().to_string(), house.now..house.now + TimeDelta::days(1));
    let lines = |scope| -> Outcome<_> {
        Ok(store.accounting(&Query { patient: &token, period: period.clone(), scope })?.lines)
    };
    equal(lines(Scope::Law164_528)?.len(), 0)?;
    let told: Vec<_> = lines(Scope::Everything)?.into_iter().map(|line| line.event).collect();
    equal(told.iter().map(|event| event.exclusion).collect::<Vec<_>>(), vec![Some(Exclusion::InternalUse)])?;
    let over = "to be indexed anew: diagnosis over Condition.code.coding.code (exact), 14 bits under key version 1";
    equal(&*told[0].reasons[0].rule, over)?;
    equal(store.breach(&breach::Query { actor: "nurse-3", period })?.patients.len(), 2)
}

fn destroyed_in_memory_is_indexed_by_nothing<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let gone = house.admit(store)?;
    let record = house.seal(&gone)?;
    store.put(&record, &house.by())?;
    let kept = house.found_index(store)?;
    // Every guess at a diagnosis has a token of its own in an index of this name that the program makes up.
    let guesses = RecordIndex::new(DIAGNOSIS, &[("Condition.code.coding.code", Form::Exact)], u64::MAX, 32)?;
    let guesses = house.vault.open_index(&guesses, &store.house_keys(DIAGNOSIS)?)?;
    store.begin_destruction(gone.token(), "retention ended", &house.by())?;
    for is_ended in [false, true] {
        if is_ended {
            store.end_destruction(gone.token())?;
        }
        for index in [&kept, &guesses] {
            let by = house.by();
            let tokens = house.vault.retoken([(&record, &gone)], index, &by.agent, by.at, store)?;
            equal(tokens, vec![Err(VaultError::Open(OpenError::KeyDestroyed(gone.label())))])?;
            let (_, told) = store.events(store.head()?.size - 1..u64::MAX)?.pop().ok_or("no entry")?;
            equal((told.kind, told.patient), (Kind::Denial, Some(gone.token().to_string())))?;
        }
    }
    Ok(store.verify(&store.head()?)?)
}

fn dropped_finds_nothing<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (service, vault) = house.outside()?;
    let (patient, wrapped) = vault.admit(&mut house.random)?;
    let by = house.by();
    store.admit(patient.token(), &wrapped)?;
    let first = vault.new_house_key(DIAGNOSIS, &mut house.random)?;
    store.keep_house_key(DIAGNOSIS, &first, &by)?;
    let old = vault.open_index(&diagnosis()?, &store.house_keys(DIAGNOSIS)?)?;
    let record = vault.seal(&house.condition, &patient, &Author::unknown(), &mut house.random)?;
    store.put_indexed(&record, &old.tokens(&house.condition)?, &by)?;
    let current = |error: &StoreError| matches!(error, StoreError::CurrentKey);
    let dropped = |store: &mut S, version| {
        rotation::drop_house_key(store, &vault, DIAGNOSIS, version, &by).map_err(|error| match error {
            RotationError::Store(error) => error,
            other => panic!("{other}"),
        })
    };
    refused(dropped(store, 1), current)?;
    refused(store.drop_house_key(DIAGNOSIS, 1, &by), current)?;
    let second = vault.renew_house_key(DIAGNOSIS, &[first], &mut house.random)?;
    store.keep_house_key(DIAGNOSIS, &second, &by)?;
    let in_use = |error: &StoreError| matches!(error, StoreError::IndexInUse { records: 1 });
    refused(dropped(store, 1), in_use)?;
    refused(store.drop_house_key(DIAGNOSIS, 1, &by), in_use)?;
    refused(dropped(store, 7), |error| matches!(error, StoreError::UnknownHouseKey))?;
    equal(service.kept().len(), 3)?;

    let index = vault.open_index(&diagnosis()?, &store.house_keys(DIAGNOSIS)?)?;
    while Sweep::new(2).reindex(store, &vault, &index, &by)? {}
    // The key service does not answer. Nobody has the key any more, and it is ended when the service answers again.
    service.answers.store(false, Ordering::Relaxed);
    let unanswered = rotation::drop_house_key(store, &vault, DIAGNOSIS, 1, &by).map(drop);
    equal(matches!(unanswered, Err(RotationError::Vault(_))), true)?;
    equal(store.dropping()?.len(), 1)?;
    equal(store.house_keys(DIAGNOSIS)?[0].is_destroyed(), true)?;
    refused(dropped(store, 1), |error| matches!(error, StoreError::KeyDestroyed))?;
    store.verify(&store.head()?)?;
    service.answers.store(true, Ordering::Relaxed);
    equal(rotation::resume(store, &vault)?.len(), 1)?;
    equal((service.kept().len(), store.dropping()?), (2, vec![]))?;
    let (_, told) = store.events(store.head()?.size - 1..u64::MAX)?.pop().ok_or("no entry")?;
    equal((told.kind, told.patient), (Kind::KeyDestruction, None))?;
    let kept = store.house_keys(DIAGNOSIS)?;
    equal(kept.iter().map(WrappedKey::is_destroyed).collect::<Vec<_>>(), vec![true, false])?;
    let index = vault.open_index(&diagnosis()?, &kept)?;
    let found = index.search(&["J45.909"])?;
    equal((found.len(), store.find(&found, &by)?), (1, vec![record.id()]))?;
    refused(store.drop_house_key(DIAGNOSIS, 1, &by), |error| matches!(error, StoreError::KeyDestroyed))?;
    Ok(store.verify(&store.head()?)?)
}

/// The index of the stories, and the name of its key.
const DIAGNOSIS: &str = "diagnosis";

fn diagnosis() -> Outcome<RecordIndex> {
    Ok(RecordIndex::new(DIAGNOSIS, &[("Condition.code.coding.code", Form::Exact)], 50_000, 14)?)
}

/// A house with its keys, its clock and one thing to record.
struct House {
    vault: Vault<Keyring>,
    /// The keyring, as its file holds it.
    file: Vec<u8>,
    policy: Policy,
    random: RandomSource,
    now: DateTime<Utc>,
    condition: Checked<Resource>,
}

/// Enough of a policy that something can be opened.
const POLICY: &str = r#"
[policy]
name = "North Clinic"
version = "1"

[roles.physician]
title = "Physician"

[roles.researcher]
title = "Researcher"

[[rule]]
id = "reading"
effect = "permit"
roles = ["physician", "researcher"]
actions = ["read"]
purposes = ["TREAT", "HRESCH"]
types = ["Condition"]
classes = ["Clinical", "Administrative"]
cites = "house rule 1"
dated = 2026-01-01
because = "Both work with the condition."
"#;

const CONDITION: &[u8] = br#"{"resourceType":"Condition","clinicalStatus":{"coding":[{
    "system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"J45.909"}]},
    "subject":{"reference":"Patient/a-1","display":"Ottilie Fenwarden"}}"#;

impl House {
    fn open() -> Outcome<Self> {
        let mut random = RandomSource::from_seed(&[7; 32]);
        let passphrase = Passphrase::from("an invented passphrase".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
        let file = keyring.to_bytes().to_vec();
        let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
        let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
        let condition = parse(CONDITION, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "the check refuses")?;
        Ok(Self { vault, file, policy: Policy::from_toml(POLICY)?, random, now, condition })
    }

    /// Starts anew with the keyring rotated.
    fn rotate_keyring(&mut self) -> Outcome {
        let mut keyring = Keyring::open(&self.file, &Passphrase::from("an invented passphrase".to_owned()))?;
        keyring.rotate(&mut self.random)?;
        self.vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
        Ok(())
    }

    /// A new index, with its key in the store.
    fn found_index(&mut self, store: &mut impl Store) -> Outcome<OpenIndex> {
        let key = self.vault.new_house_key(DIAGNOSIS, &mut self.random)?;
        store.keep_house_key(DIAGNOSIS, &key, &self.by())?;
        self.open_index(store)
    }

    fn open_index(&self, store: &impl Store) -> Outcome<OpenIndex> {
        Ok(self.vault.open_index(&diagnosis()?, &store.house_keys(DIAGNOSIS)?)?)
    }

    fn retoken(
        &self,
        record: (&SealedRecord, &PatientKey),
        index: &OpenIndex,
        trail: &mut MemoryTrail,
    ) -> Outcome<Retokened> {
        let by = self.by();
        Ok(self.vault.retoken([record], index, &by.agent, by.at, trail)?.remove(0)?)
    }

    fn renew_index(&mut self, store: &mut impl Store) -> Outcome {
        let next = self.vault.renew_house_key(DIAGNOSIS, &store.house_keys(DIAGNOSIS)?, &mut self.random)?;
        store.keep_house_key(DIAGNOSIS, &next, &self.by())?;
        Ok(())
    }

    /// Whether a physician reads the record.
    fn opens(&mut self, record: &SealedRecord, patient: &PatientKey, store: &mut impl Store) -> Outcome<bool> {
        let ruling = self.rule(record, patient, &self.request("physician", Purpose::Treatment))?;
        let disclosure = self.vault.disclose(ruling, store)?;
        Ok(self.vault.open(record, patient, disclosure, self.now)?.to_json().contains("J45.909"))
    }

    /// The record sealed for another patient, for a merge on a trail elsewhere.
    fn rebound(&mut self, record: &SealedRecord, from: &PatientKey, into: &PatientKey) -> Outcome<Resealed> {
        let by = self.by();
        let merge = self.vault.merge((from, into), by.agent, by.at, &mut MemoryTrail::new())?;
        Ok(self.vault.rebind(record, (from, into), &merge, &mut self.random)?)
    }

    fn by(&self) -> WriteBy {
        WriteBy::new(Agent::new("nurse-3", "nurse"), self.now)
    }

    fn admit(&mut self, store: &mut impl Store) -> Outcome<PatientKey> {
        let (patient, wrapped) = self.vault.admit(&mut self.random)?;
        store.admit(patient.token(), &wrapped)?;
        Ok(patient)
    }

    fn seal(&mut self, patient: &PatientKey) -> Outcome<SealedRecord> {
        Ok(self.vault.seal(&self.condition, patient, &Author::new("nurse-3"), &mut self.random)?)
    }

    fn seal_versions(&mut self, patient: &PatientKey, count: usize) -> Outcome<Vec<SealedRecord>> {
        let mut versions = vec![self.seal(patient)?];
        while let Some(last) = versions.last().filter(|_| versions.len() < count) {
            let author = Author::new("nurse-3");
            versions.push(self.vault.seal_next(&self.condition, patient, &author, last, &mut self.random)?);
        }
        Ok(versions)
    }

    fn rule(&mut self, record: &SealedRecord, patient: &PatientKey, request: &Request) -> Outcome<Ruling> {
        Ok(self.vault.rule(record, patient, &self.policy, request, &mut self.random)?)
    }

    fn request(&self, role: &str, purpose: Purpose) -> Request {
        Request::new("someone-9", role.into(), Action::Read, purpose, self.now)
    }
}

/// The record with other bytes in its header: format 1, id 16, version 8, patient 16.
fn forged(record: &SealedRecord, at: usize, bytes: &[u8]) -> Outcome<SealedRecord> {
    let mut forged = record.to_bytes();
    forged[at..at + bytes.len()].copy_from_slice(bytes);
    Ok(SealedRecord::from_bytes(&forged)?)
}

fn with_version(record: &SealedRecord, version: u64) -> Outcome<SealedRecord> {
    forged(record, 17, &version.to_be_bytes())
}

fn with_patient(record: &SealedRecord, patient: RecordId) -> Outcome<SealedRecord> {
    forged(record, 25, patient.as_bytes())
}

fn equal<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}").into()) }
}

fn refused<T, E: Display>(outcome: Result<T, E>, as_expected: impl Fn(&E) -> bool) -> Outcome {
    match outcome {
        Ok(_) => Err("was not refused".into()),
        Err(error) if as_expected(&error) => Ok(()),
        Err(error) => Err(format!("was refused otherwise: {error}").into()),
    }
}
