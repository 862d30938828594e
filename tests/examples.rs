//! The examples do what they say; each asserts its outcome itself.

#[path = "../examples/rusqlite.rs"]
mod through_rusqlite;
#[path = "../examples/tokio_postgres.rs"]
mod through_tokio_postgres;

#[test]
fn rusqlite_example_runs() {
    through_rusqlite::main().unwrap();
}

#[test]
fn tokio_postgres_example_runs() {
    if std::env::var_os("SETWISE_POSTGRES_URL").is_none_or(|url| url.is_empty()) {
        eprintln!("LEFT OUT: postgres: SETWISE_POSTGRES_URL is not set");
        return;
    }
    through_tokio_postgres::main().unwrap();
}
