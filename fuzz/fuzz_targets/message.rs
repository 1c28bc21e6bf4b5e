//! A message as it comes over the wire, at one of its layers: the first byte says which. The layers around it are made
//! by us, since no fuzzer guesses what is encrypted or signed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use referloop_fuzz::clinic::CLINIC;
use referloop_fuzz::direct::incoming::Envelope;
use referloop_fuzz::hurry::within_a_second;

fuzz_target!(|data: &[u8]| {
    let Some((&layer, bytes)) = data.split_first() else {
        return;
    };
    let raw = match layer {
        b'r' => bytes.to_vec(),
        b'e' => CLINIC.enveloped(bytes),
        b's' => CLINIC.enveloped(&CLINIC.signed(bytes)),
        _ => {
            let wrapped = [b"Content-Type: message/rfc822\r\n\r\n", bytes].concat();
            CLINIC.enveloped(&CLINIC.signed(&wrapped))
        }
    };
    within_a_second(|| {
        let _ = Envelope::guessed(&raw);
        let _ = format!("{:?}", CLINIC.open(&raw));
    });
});
