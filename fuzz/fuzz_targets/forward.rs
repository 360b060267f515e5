#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| vendor_ssm::fuzzing::forward(data));
