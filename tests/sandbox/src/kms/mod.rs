//! AWS Key Management Service, as far as an encrypted session needs it.
//! The client asks for a data key, and the agent decrypts it again. Both need the same encryption
//! context.

mod vault;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::iam::Context;
use crate::server::answer::{Refusal, Service, Success};
use crate::world::KmsKey;

pub use vault::{DataKey, Vault};

/// Answers a call to KMS.
pub(crate) fn call(call: &mut Call<'_>, input: Value) -> Result<Success, Refusal> {
    match call.action.as_str() {
        "GenerateDataKey" => {
            let input = serde_json::from_value(input)
                .map_err(|error| Refusal::new(400, "SerializationException", error.to_string()))?;
            generate_data_key(call, &input).map(Success::Json)
        }
        _ => Err(call.not_played()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GenerateDataKey {
    #[serde(default)]
    key_id: String,
    number_of_bytes: Option<usize>,
    key_spec: Option<String>,
    #[serde(default)]
    encryption_context: BTreeMap<String, String>,
}

fn generate_data_key(call: &mut Call<'_>, input: &GenerateDataKey) -> Result<Value, Refusal> {
    call.note("KeyId", &input.key_id);
    for (name, value) in &input.encryption_context {
        call.note(&format!("EncryptionContext {name}"), value);
    }
    let length = length(input)?;
    let (arn, key) = named(call, &input.key_id)?;
    authorize(call, &arn, &input.encryption_context)?;
    match key {
        None => Err(no_such_key(&arn)),
        Some(key) if !key.enabled => {
            let text = format!("{arn} is disabled.");
            Err(Refusal::new(400, "DisabledException", text))
        }
        Some(_) => {
            let vault = call.shared.channels.vault();
            let key = vault.generate(length, &input.encryption_context);
            Ok(json!({
                "KeyId": arn,
                "Plaintext": STANDARD.encode(&key.plaintext),
                "CiphertextBlob": STANDARD.encode(&key.ciphertext),
            }))
        }
    }
}

fn length(input: &GenerateDataKey) -> Result<usize, Refusal> {
    match (input.number_of_bytes, input.key_spec.as_deref()) {
        (Some(bytes @ 1..=1024), None) => Ok(bytes),
        (None, Some("AES_256")) => Ok(32),
        (None, Some("AES_128")) => Ok(16),
        (Some(bytes), None) => {
            let text = format!(
                "1 validation error detected: Value '{bytes}' at 'numberOfBytes' failed to satisfy constraint: Member \
                 must have value less than or equal to 1024"
            );
            Err(Refusal::shape(Service::Kms, text))
        }
        _ => Err(Refusal::shape(
            Service::Kms,
            "Please specify either number of bytes or key spec.",
        )),
    }
}

/// The ARN of the key that an id, an ARN, an alias or an alias' ARN names, and the key if it is
/// there.
fn named(call: &Call<'_>, name: &str) -> Result<(String, Option<KmsKey>), Refusal> {
    let owned = format!("arn:aws:kms:{}:{}:", call.region, call.caller.account);
    let full = match name {
        arn if arn.starts_with("arn:") => arn.to_owned(),
        alias if alias.starts_with("alias/") => format!("{owned}{alias}"),
        id => format!("{owned}key/{id}"),
    };
    let mut here = call.state.world.kms_keys.iter();
    let key = here
        .find(|key| {
            key.region == call.region
                && (key.arn() == full || key.alias_arn() == Some(full.clone()))
        })
        .cloned();
    match &key {
        Some(key) => Ok((key.arn(), Some(key.clone()))),
        // A policy cannot decide about a resource that is not a key.
        None if full.contains(":alias/") => Err(no_such_key(&full)),
        None => Ok((full, None)),
    }
}

fn no_such_key(arn: &str) -> Refusal {
    let kind = if arn.contains(":alias/") {
        "Alias"
    } else {
        "Key"
    };
    let text = format!("{kind} '{arn}' does not exist");
    Refusal::new(400, "NotFoundException", text)
}

/// A key of another account would need that account's key policy, and none is played.
fn authorize(
    call: &mut Call<'_>,
    arn: &str,
    encryption_context: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let mut context = Context::new();
    context.set("kms:CallerAccount", &call.caller.account);
    if !encryption_context.is_empty() {
        context.set_all("kms:EncryptionContextKeys", encryption_context.keys());
    }
    for (name, value) in encryption_context {
        context.set(&format!("kms:EncryptionContext:{name}"), value);
    }
    let account = arn.split(':').nth(4).unwrap_or_default();
    let request = call.request("GenerateDataKey", arn, account, context);
    call.decide(&request, None)
}
