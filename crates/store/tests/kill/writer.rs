//! A program that writes until it is killed, and says what was acknowledged after it was.

use std::io::Write as _;
use std::path::Path;

use jiff::SignedDuration;
use programme::{Act, Enrolment, Lang, Person};
use store::{Opening, Place, Store, StoreError, Write};

use crate::{place, samples};

pub async fn run(address: &str, files: &Path, name: &str) {
    let opening = Opening { place: Place::of(address), files: files.display().to_string(), chance: place::chance() };
    if let Err(error) = write(&opening, name).await {
        say(&format!("stopped {}", error.code()));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // One write for the whole line: half a line would be taken for another name.
    out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).expect("somebody listens");
}

async fn write(opening: &Opening, name: &str) -> Result<(), StoreError> {
    let store = Store::open(opening).await?;
    for nth in 0..100_000 {
        let act = Act::of_service("test", samples::at(100 + nth));
        let id = format!("{name}-{nth}");
        let (person, event) =
            Person::create(samples::id(&id), &id, &format!("{id}@example.org"), Lang::Fr, act.clone())
                .expect("a person");
        store.commit(Write::new().add(&person, event)).await?;
        say(&format!("person {id}"));
        let mut enrolment = store.get::<Enrolment>("e-bob").await?;
        let named = enrolment.name_project(&format!("https://example.org/{id}"), act).expect("a URL");
        match store.commit(Write::new().put(&enrolment, named)).await {
            // The other writer was quicker; a person would look again.
            Err(StoreError::Stale { .. }) => {}
            done => {
                done?;
                say(&format!("project {id}"));
            }
        }
        let digest = store.put_file(format!("paper {id}").as_bytes(), samples::at(nth)).await?;
        say(&format!("file {digest}"));
        // Each lease is over when the next worker asks, so that jobs of the dead are taken up during the test.
        let now = samples::at(nth * 7);
        if let Some(job) = store.claim(name, &["assess"], now, SignedDuration::from_secs(3)).await?
            && nth % 3 == 0
            && store.finish(&job.id, name, "{}", now).await?
        {
            say(&format!("job {}", job.id));
        }
    }
    Ok(())
}
