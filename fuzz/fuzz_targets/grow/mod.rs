//! Values of a proptest strategy, chosen by the fuzzer's bytes.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The bytes behind the fuzzer's own: without them, samplers that reject a zero would wait for ever.
const MORE: usize = 1 << 16;

/// The value that the bytes choose; none where they choose none in reasonable time.
pub fn grow<S: Strategy>(strategy: &S, choices: &[u8]) -> Option<S::Value> {
    let mut state = choices
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
        | 1;
    let more = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    let bytes: Vec<u8> = choices.iter().copied().chain(more.take(MORE / 8).flatten()).collect();
    let rng = TestRng::from_seed(RngAlgorithm::PassThrough, &bytes);
    let config = Config { max_local_rejects: 100, failure_persistence: None, ..Config::default() };
    strategy.new_tree(&mut TestRunner::new_with_rng(config, rng)).ok().map(|tree| tree.current())
}
