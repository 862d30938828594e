//! Values of a proptest strategy, chosen by the fuzzer's bytes.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The value that the bytes choose; none where the strategy gives up.
///
/// The bytes are a seed. Passed through as they are, a strategy that splits them runs out of them, and a sampler that
/// rejects the zeros behind them would wait for ever.
pub fn grow<S: Strategy>(strategy: &S, choices: &[u8]) -> Option<S::Value> {
    let mut seed = [0; 32];
    choices.iter().zip(&mut seed).for_each(|(choice, seed)| *seed = *choice);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let config = Config { failure_persistence: None, ..Config::default() };
    strategy.new_tree(&mut TestRunner::new_with_rng(config, rng)).ok().map(|tree| tree.current())
}
