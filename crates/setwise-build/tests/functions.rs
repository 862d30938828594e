//! The functions of a library do what the updates say, and are built without a warning.

#![deny(warnings)]

mod posts {
    // as programs do, and so that the workspace's format is not asked of it
    include!("library/posts.rs");
}

mod people {
    include!("library/people.rs");
}

use rusqlite::types::Value as Stored;
use rusqlite::{Connection, params_from_iter};
use setwise::{Date, Decimal, Dialect, Options, Purpose, Step, Update, Value, compile};

/// A database in memory.
struct Database(Connection);

impl Database {
    fn posts() -> Self {
        let rows = "(1, 'de', 'eins', NULL, 5, NULL, 0, NULL, NULL), (2, 'en', 'two', 'b', 50, 1.5, 0, NULL, 7)";
        Self::new(include_str!("library/schema.sql"), &format!("INSERT INTO posts VALUES {rows}"))
    }

    fn people() -> Self {
        let rows = "INSERT INTO person VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cleo');
            INSERT INTO customer VALUES (1, 10), (2, 20);
            INSERT INTO notes VALUES (1, 1, 0), (2, 2, 0), (3, 2, 9), (4, 3, 0);
            INSERT INTO staging VALUES (1, 5, 7), (2, 6, 8), (9, 7, 7);";
        Self::new(include_str!("library/people.sql"), rows)
    }

    fn new(schema: &str, rows: &str) -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(schema).unwrap();
        connection.execute_batch(rows).unwrap();
        Self(connection)
    }

    fn step(&self, step: &Step<'_>) {
        for binds in step.binds.iter() {
            let stored = binds.iter().map(|bind| match bind.value() {
                Value::Null => Stored::Null,
                Value::Int(value) => Stored::Integer(*value),
                Value::Text(value) => Stored::Text(value.clone().into_owned()),
                other => panic!("{other:?}"),
            });
            let mut statement = self.0.prepare(step.text).unwrap();
            if step.purpose == Purpose::Check {
                assert!(!statement.exists(params_from_iter(stored)).unwrap(), "{}", step.finds);
            } else {
                statement.execute(params_from_iter(stored)).unwrap();
            }
        }
    }

    fn update(&self, update: &Update<'_>) {
        let mut script = compile(update, Dialect::sqlite(), &Options::new()).unwrap();
        while let Some(step) = script.next() {
            self.step(&step.unwrap());
        }
    }

    /// What a query of one text for each post gives.
    fn see(&self, of_post: &str) -> Vec<String> {
        self.texts(&format!("SELECT CAST({of_post} AS TEXT) FROM posts ORDER BY id"))
    }

    /// The names of all people, with the credits of customers, and the stars of all notes.
    fn see_people(&self) -> (Vec<String>, String) {
        let people =
            "SELECT concat_ws(' ', name, credits) FROM person LEFT JOIN customer ON person_id = id ORDER BY id";
        (
            self.texts(people),
            self.texts("SELECT group_concat(stars) FROM (SELECT stars FROM notes ORDER BY id)").concat(),
        )
    }

    fn texts(&self, query: &str) -> Vec<String> {
        let mut query = self.0.prepare(query).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }
}

#[test]
fn functions_do_what_their_updates_say() {
    let (posts, dialect) = (Database::posts(), Dialect::sqlite());
    posts::archive(dialect, 10, None).unwrap().steps().for_each(|step| posts.step(&step));
    assert_eq!(posts.see("archived"), ["1", "0"]);
    posts::archive(dialect, 100, Some("en")).unwrap().steps().for_each(|step| posts.step(&step));
    assert_eq!(posts.see("archived"), ["1", "1"]);
    posts::reset(dialect).unwrap().steps().for_each(|step| posts.step(&step));
    assert_eq!(posts.see("title || views"), [r#"say "it's"0"#; 2]);
    posts::renameAll(dialect, "a").unwrap().steps().for_each(|step| posts.step(&step));
    assert_eq!(posts.see("title"), ["ax", "ax"]);
    posts.update(&posts::translate("en", [(1, "nein", None), (2, "ja", Some("body"))]).unwrap());
    assert_eq!(posts.see("title || coalesce(body, '-')"), ["ax-", "jabody"]);
    posts.update(&posts::count(3, [(2,)]).unwrap());
    assert_eq!(posts.see("views"), ["0", "3"]);
    let (price, date) = (Decimal::parse("12.50").unwrap(), Date::new(2024, 2, 29).unwrap());
    let bound = posts::fill(dialect, true, 7, 40, 2, price, "t", None, date, "fr").unwrap();
    assert_eq!(bound.steps().count(), 1);
}

/// Rules of the file, tables that extend others, and rows of a table are part of the functions.
#[test]
fn functions_may_write_several_tables() {
    let (people, dialect) = (Database::people(), Dialect::sqlite());
    let names = |expected: [&str; 3], stars: &str| {
        assert_eq!(people.see_people(), (expected.map(str::to_owned).to_vec(), stars.to_owned()));
    };
    people.update(&people::rename(15, [(1, "Amy"), (2, "Ben"), (3, "Cora")]).unwrap());
    names(["Ann 10", "Ben 21", "Cleo"], "0,1,9,0");
    people::take(dialect, 7).unwrap().steps().for_each(|step| people.step(&step));
    names(["Ann 10", "Ben 21", "Cleo"], "5,1,9,0");
    people::forget(dialect, 1, 11).unwrap().steps().for_each(|step| people.step(&step));
    people::forget(dialect, 2, 11).unwrap().steps().for_each(|step| people.step(&step));
    names(["- 10", "Ben 21", "Cleo"], "6,1,9,0");
}

#[test]
fn arguments_are_checked_when_they_come() {
    let refused = posts::archive(Dialect::sqlite(), 10, Some("too long")).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().code(), "too-long");
    let refused = posts::archive(Dialect::sqlite().at(2), 10, None).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().code(), "version-too-old");
    let again = posts::translate("de", [(1, "a", None), (1, "b", None)]).unwrap();
    let refused = compile(&again, Dialect::sqlite(), &Options::new()).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().code(), "duplicate-key");
}

/// Calls from many threads at once share what is compiled.
#[test]
fn texts_are_compiled_once() {
    let place = || {
        let bound = posts::reset(Dialect::postgres().at(15)).unwrap();
        bound.steps().next().unwrap().text.as_ptr() as usize
    };
    let places: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(place)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
}
