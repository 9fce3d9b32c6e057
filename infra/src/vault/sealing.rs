//! Sealing and opening: XChaCha20-Poly1305 with a random nonce.
//!
//! What is authenticated with a text are these seven fields, each as its length in bytes (two
//! bytes, big-endian) and then its UTF-8: `sospeso/sealed/1`, `log_id`, network, `aggregate_type`,
//! `aggregate_id`, field, `key_id`. With a wrapped key: `sospeso/key/1`, `key_id`. A wrapped key is
//! the byte 1, the nonce (24 bytes), and the sealed key with its tag (48 bytes). Fixed for ever.

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use commands::vault::VaultError;
use domain::sealed::{Sealed, SealedField};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::master::MasterKey;

/// A key of the vault, which is overwritten when it is dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

const NONCE_BYTES: usize = 24;
const WRAPPED_BYTES: usize = 1 + NONCE_BYTES + 32 + 16;
const WRAPPED_VERSION: u8 = 1;
const SEALED_VERSION: u8 = 1;

/// A key that nobody has had before.
pub(super) fn new_key() -> Key {
    let drawn: chacha20poly1305::Key = Generate::generate();
    Zeroizing::new(drawn.into())
}

/// Where a text belongs, as it is authenticated.
pub(super) fn place(log_id: Uuid, field: &SealedField, key_id: Uuid) -> Vec<u8> {
    fields(&[
        "sospeso/sealed/1",
        &log_id.to_string(),
        field.network.as_str(),
        field.aggregate_type,
        &field.aggregate_id.to_string(),
        field.field,
        &key_id.to_string(),
    ])
}

/// Seals a text.
pub(super) fn seal(
    key: &Key,
    key_id: Uuid,
    place: &[u8],
    text: &str,
) -> Result<Sealed, VaultError> {
    let nonce = XNonce::generate();
    let sealed = encrypt(key, &nonce, text.as_bytes(), place)?;
    Ok(Sealed {
        v: SEALED_VERSION,
        key_id,
        nonce: hex::encode(nonce),
        text: hex::encode(sealed),
    })
}

/// Opens a text.
pub(super) fn open(key: &Key, place: &[u8], sealed: &Sealed) -> Result<String, VaultError> {
    if sealed.v != SEALED_VERSION {
        return Err(VaultError::Forged);
    }
    let mut nonce = [0; NONCE_BYTES];
    hex::decode_to_slice(&sealed.nonce, &mut nonce).map_err(|_| VaultError::Forged)?;
    let text = hex::decode(&sealed.text).map_err(|_| VaultError::Forged)?;
    let text = decrypt(key, &nonce.into(), &text, place)?;
    String::from_utf8(text).map_err(|_| VaultError::Forged)
}

/// Wraps a key for the table.
pub(super) fn wrap(master: &MasterKey, key_id: Uuid, key: &Key) -> Result<Vec<u8>, VaultError> {
    let nonce = XNonce::generate();
    let sealed = encrypt(&master.newest, &nonce, key.as_slice(), &key_place(key_id))?;
    let mut wrapped = Vec::with_capacity(WRAPPED_BYTES);
    wrapped.push(WRAPPED_VERSION);
    wrapped.extend_from_slice(&nonce);
    wrapped.extend_from_slice(&sealed);
    Ok(wrapped)
}

/// Unwraps a key from the table.
pub(super) fn unwrap(master: &MasterKey, key_id: Uuid, wrapped: &[u8]) -> Result<Key, VaultError> {
    let broken = || VaultError::Broken(format!("the key {key_id} does not unwrap"));
    let Some((&[WRAPPED_VERSION], rest)) = wrapped.split_first_chunk() else {
        return Err(broken());
    };
    let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE_BYTES>() else {
        return Err(broken());
    };
    let (nonce, place) = ((*nonce).into(), key_place(key_id));
    let masters = [Some(&master.newest), master.before.as_ref()];
    let mut unwrapped = masters.into_iter().flatten();
    let key = unwrapped.find_map(|master| decrypt(master, &nonce, sealed, &place).ok());
    let key = Zeroizing::new(key.ok_or_else(broken)?);
    let key: [u8; 32] = key.as_slice().try_into().map_err(|_| broken())?;
    Ok(Zeroizing::new(key))
}

fn key_place(key_id: Uuid) -> Vec<u8> {
    fields(&["sospeso/key/1", &key_id.to_string()])
}

fn fields(fields: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    for field in fields {
        let length = u16::try_from(field.len()).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(field.as_bytes());
    }
    bytes
}

fn encrypt(key: &Key, nonce: &XNonce, msg: &[u8], aad: &[u8]) -> Result<Vec<u8>, VaultError> {
    let cipher = XChaCha20Poly1305::new(key.as_slice().try_into().map_err(|_| unsealable())?);
    let sealed = cipher.encrypt(nonce, Payload { msg, aad });
    sealed.map_err(|_| unsealable())
}

fn decrypt(key: &Key, nonce: &XNonce, msg: &[u8], aad: &[u8]) -> Result<Vec<u8>, VaultError> {
    let cipher = XChaCha20Poly1305::new(key.as_slice().try_into().map_err(|_| unsealable())?);
    let opened = cipher.decrypt(nonce, Payload { msg, aad });
    opened.map_err(|_| VaultError::Forged)
}

fn unsealable() -> VaultError {
    VaultError::Broken("a text cannot be sealed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field() -> SealedField {
        SealedField {
            network: "praha".parse().expect("a slug"),
            aggregate_type: "subject",
            aggregate_id: Uuid::from_u128(4),
            field: "contact",
        }
    }

    /// What any other implementation must open.
    #[test]
    fn the_bytes_are_those_of_the_specification() {
        let sealed = Sealed {
            v: 1,
            key_id: Uuid::from_u128(5),
            nonce: "07".repeat(24),
            text: String::new(),
        };
        let place = place(Uuid::from_u128(3), &field(), sealed.key_id);
        let mut expected = Vec::new();
        for text in [
            "sospeso/sealed/1",
            "00000000-0000-0000-0000-000000000003",
            "praha",
            "subject",
            "00000000-0000-0000-0000-000000000004",
            "contact",
            "00000000-0000-0000-0000-000000000005",
        ] {
            expected.extend([0, u8::try_from(text.len()).expect("short")]);
            expected.extend(text.as_bytes());
        }
        assert_eq!(place, expected);
        let key = Zeroizing::new([9; 32]);
        let text = encrypt(&key, &[7; 24].into(), "čaj".as_bytes(), &place).expect("sealed");
        assert_eq!(
            hex::encode(&text),
            "ccd4f32ee1c7b28f40c18e94faaa7fb4fbed071a"
        );
        let sealed = Sealed {
            text: hex::encode(text),
            ..sealed
        };
        assert_eq!(open(&key, &place, &sealed).as_deref(), Ok("čaj"));
    }

    #[test]
    fn a_text_opens_nowhere_else() {
        let (key, log, id) = (new_key(), Uuid::from_u128(3), Uuid::from_u128(5));
        let at_home = place(log, &field(), id);
        let sealed = seal(&key, id, &at_home, "čaj").expect("sealed");
        assert_eq!(open(&key, &at_home, &sealed).as_deref(), Ok("čaj"));
        let network = "brno".parse().expect("a slug");
        let (aggregate_type, aggregate_id) = ("member", Uuid::from_u128(6));
        let foreign = [
            place(Uuid::from_u128(4), &field(), id),
            place(log, &field(), Uuid::from_u128(6)),
            place(log, &SealedField { network, ..field() }, id),
            place(
                log,
                &SealedField {
                    aggregate_type,
                    ..field()
                },
                id,
            ),
            place(
                log,
                &SealedField {
                    aggregate_id,
                    ..field()
                },
                id,
            ),
            place(
                log,
                &SealedField {
                    field: "note",
                    ..field()
                },
                id,
            ),
        ];
        for elsewhere in foreign {
            assert_eq!(open(&key, &elsewhere, &sealed), Err(VaultError::Forged));
        }
        assert_eq!(open(&new_key(), &at_home, &sealed), Err(VaultError::Forged));
        let mut changed = sealed.clone();
        changed.text.replace_range(..2, "00");
        changed.nonce.replace_range(..2, "00");
        assert_eq!(open(&key, &at_home, &changed), Err(VaultError::Forged));
        let newer = Sealed { v: 2, ..sealed };
        assert_eq!(open(&key, &at_home, &newer), Err(VaultError::Forged));
    }

    #[test]
    fn a_wrapped_key_unwraps_under_its_own_id_and_master_only() {
        let (one, other) = (MasterKey::new(new_key()), MasterKey::new(new_key()));
        let (key, id) = (new_key(), Uuid::from_u128(5));
        let wrapped = wrap(&one, id, &key).expect("wrapped");
        assert_eq!(wrapped.len(), WRAPPED_BYTES);
        assert_eq!(unwrap(&one, id, &wrapped).expect("unwrapped"), key);
        assert!(unwrap(&other, id, &wrapped).is_err());
        assert!(unwrap(&one, Uuid::from_u128(6), &wrapped).is_err());
        assert!(unwrap(&one, id, &wrapped[1..]).is_err());
        assert!(unwrap(&one, id, &[]).is_err());
    }
}
