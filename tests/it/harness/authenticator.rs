//! A device that makes passkeys, as WebAuthn describes it: it shares no code with the service or its library. Every part that
//! a thief could bend can be bent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sha::sha256;
use openssl::sign::Signer;
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_CREDENTIAL: u8 = 0x40;

#[derive(Clone)]
pub struct Authenticator {
    key: PKey<Private>,
    pub id: Vec<u8>,
    /// What it was told of the account, as it was written.
    pub handle: Option<String>,
    /// Of the last signature.
    pub counter: u32,
    /// The page that the browser says it is on.
    origin: String,
    /// Whether its person showed a PIN, a finger or a face.
    verifies: bool,
}

impl Authenticator {
    pub fn new(origin: &str) -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        Self {
            key: PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap(),
            id: rand::random::<[u8; 32]>().to_vec(),
            handle: None,
            counter: 0,
            origin: origin.to_owned(),
            verifies: true,
        }
    }

    /// The same device, whose browser is on another page.
    pub fn on(&self, origin: &str) -> Self {
        let mut there = self.clone();
        origin.clone_into(&mut there.origin);
        there
    }

    /// The same device, used by somebody who can't show a PIN, a finger or a face.
    pub fn unverified(&self) -> Self {
        let mut used = self.clone();
        used.verifies = false;
        used
    }

    /// What the browser answers to `navigator.credentials.create()`; `asked` is its `publicKey`.
    pub fn create(&mut self, asked: &Value) -> String {
        self.handle = Some(asked["user"]["id"].as_str().unwrap().to_owned());
        let client = self.client_data("webauthn.create", asked);
        let mut data = self.data(asked["rp"]["id"].as_str().unwrap(), WITH_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        // CBOR: a map of three, without an attestation.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        self.answer(&json!({
            "attestationObject": BASE64.encode(object),
            "clientDataJSON": BASE64.encode(client),
        }))
    }

    /// What the browser answers to `navigator.credentials.get()`. Each signature counts on.
    pub fn get(&mut self, asked: &Value) -> String {
        self.counter += 1;
        let client = self.client_data("webauthn.get", asked);
        let data = self.data(asked["rpId"].as_str().unwrap(), 0);
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).unwrap();
        signer.update(&data).unwrap();
        signer.update(&sha256(&client)).unwrap();
        self.answer(&json!({
            "authenticatorData": BASE64.encode(data),
            "clientDataJSON": BASE64.encode(client),
            "signature": BASE64.encode(signer.sign_to_vec().unwrap()),
            "userHandle": self.handle,
        }))
    }

    fn client_data(&self, kind: &str, asked: &Value) -> Vec<u8> {
        let data =
            json!({ "type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": false });
        data.to_string().into_bytes()
    }

    /// WebAuthn §6.1.
    fn data(&self, relying_party: &str, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = sha256(relying_party.as_bytes()).to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// As COSE writes a key of ES256 (RFC 9053 §7.1.1): a map of five.
    fn public_key(&self) -> Vec<u8> {
        let key = self.key.ec_key().unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let mut context = BigNumContext::new().unwrap();
        key.public_key()
            .affine_coordinates(key.group(), &mut x, &mut y, &mut context)
            .unwrap();
        let mut cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        cose.extend(x.to_vec_padded(32).unwrap());
        cose.extend(b"\x22\x58\x20");
        cose.extend(y.to_vec_padded(32).unwrap());
        cose
    }

    fn answer(&self, response: &Value) -> String {
        let id = BASE64.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }
}
