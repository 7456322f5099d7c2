//! Takes away what nobody has used for long: libraries of other versions, answers about interpreters, and what was left half done.
//!
//! What is used says so by the time of a file: of the mark in a library's folder, of an answer itself, which is renewed once an hour at most.
//! What goes is renamed first, so that nobody finds half of it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long what nobody uses stays.
const KEPT_DAYS: u32 = 30;
/// How many libraries stay, and how many answers, beside those that were used today or yesterday.
const KEPT_LIBRARIES: usize = 16;
const KEPT_ANSWERS: usize = 64;
/// The mark in a library's folder.
const MARK: &str = "used";

/// Notes that a library is used. False if it is not there, or is just being taken away.
pub fn use_library(place: &Path) -> bool {
    let mark = place.join(MARK);
    if place.is_dir() && age(&mark).is_none_or(|age| age > HOUR) {
        // Where this user cannot write, the library is used unmarked.
        let _ = File::options().create(true).append(true).open(&mark).and_then(|mark| renewed(&mark));
    }
    place.is_dir()
}

/// Notes that an answer is used.
pub fn use_answer(place: &Path) {
    if age(place).is_some_and(|age| age > HOUR) {
        // Where this user cannot write, the answer is used unmarked.
        let _ = File::options().append(true).open(place).and_then(|answer| renewed(&answer));
    }
}

fn renewed(file: &File) -> std::io::Result<()> {
    file.set_modified(SystemTime::now())
}

/// Takes away what is old in a folder of the cache, but not the library that is used now.
pub fn prune(folder: &Path, current: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let (mut libraries, mut answers) = (Vec::new(), Vec::new());
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("unpacking-") || name.starts_with("removing-") || name.ends_with(".tmp") {
            if age(&path).is_some_and(|age| age > DAY) {
                remove(&path);
            }
        } else if name.starts_with("library-") && path != current {
            libraries.extend(unused_for(&path).map(|age| (age, path)));
        } else if name.starts_with("python-") {
            answers.extend(unused_for(&path).map(|age| (age, path)));
        }
    }
    for (mut found, kept) in [(libraries, KEPT_LIBRARIES), (answers, KEPT_ANSWERS)] {
        found.sort();
        for (at, (age, path)) in found.into_iter().enumerate() {
            if age > DAY * KEPT_DAYS || (at >= kept && age > 2 * DAY) {
                take_away(folder, &path);
            }
        }
    }
}

/// How long ago it was last used.
fn unused_for(path: &Path) -> Option<Duration> {
    age(&path.join(MARK)).or_else(|| age(path))
}

/// How long ago a file or folder was changed; nothing for what is not there, and no time for what lies in the future.
fn age(path: &Path) -> Option<Duration> {
    let changed = path.metadata().and_then(|data| data.modified()).ok()?;
    Some(SystemTime::now().duration_since(changed).unwrap_or_default())
}

fn take_away(folder: &Path, path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside: PathBuf = folder.join(format!("removing-{}-{name}", std::process::id()));
    // It may have been used since it was looked at, and another process may have been faster.
    if unused_for(path).is_some_and(|age| age > DAY) && fs::rename(path, &aside).is_ok() {
        remove(&aside);
    }
}

fn remove(path: &Path) {
    // What stays is taken away another time.
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("pyhw-prune-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn made(path: &Path, days: u32) {
        let file = File::create(path).unwrap();
        file.set_modified(SystemTime::now() - days * DAY - HOUR).unwrap();
    }

    fn library(folder: &Path, name: &str, days: u32) -> PathBuf {
        let place = folder.join(format!("library-{name}"));
        fs::create_dir_all(place.join("pyhw")).unwrap();
        made(&place.join(MARK), days);
        place
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_nobody_used_for_a_month_goes() {
        let folder = folder("old");
        let current = library(&folder, "current", 40);
        library(&folder, "old", 31);
        library(&folder, "recent", 29);
        made(&folder.join("python-old"), 31);
        made(&folder.join("python-recent"), 3);
        made(&folder.join("python-1.77.tmp"), 1);
        made(&folder.join("mine"), 99);
        fs::create_dir(folder.join("unpacking-1")).unwrap();
        prune(&folder, &current);
        assert_eq!(
            names(&folder),
            ["library-current", "library-recent", "mine", "python-recent", "unpacking-1"]
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn of_many_the_last_used_stay() {
        let folder = folder("many");
        let current = library(&folder, "current", 0);
        (0..20).for_each(|at| drop(library(&folder, &format!("{at:02}"), at)));
        prune(&folder, &current);
        let expected: Vec<String> = (0..16).map(|at| format!("library-{at:02}")).collect();
        assert_eq!(names(&folder)[..16], expected);
        assert_eq!(names(&folder).len(), 17);
        // Those that are in use stay, however many they are.
        (0..20).for_each(|at| drop(library(&folder, &format!("new-{at:02}"), 1)));
        prune(&folder, &current);
        assert_eq!(names(&folder).iter().filter(|name| name.starts_with("library-new-")).count(), 20);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn runs_that_prune_at_once_take_away_what_is_old_and_nothing_else() {
        let folder = folder("at-once");
        let current = library(&folder, "current", 40);
        let old = |at: u32| {
            let place = library(&folder, &format!("old-{at}"), 31 + at);
            fs::write(place.join("pyhw").join("__init__.py"), "").unwrap();
            // As old as what is in it: another run finds it under its new name, and takes it away as well.
            File::open(&place).unwrap().set_modified(SystemTime::now() - 31 * DAY).unwrap();
        };
        (0..40).for_each(old);
        library(&folder, "recent", 3);
        made(&folder.join("python-old"), 31);
        made(&folder.join("python-recent"), 3);
        let begin = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    begin.wait();
                    prune(&folder, &current);
                });
            }
        });
        let mut left = names(&folder);
        left.retain(|name| !name.starts_with("removing-"));
        assert_eq!(left, ["library-current", "library-recent", "python-recent"]);
        assert!(current.join("pyhw").is_dir() && current.join(MARK).is_file());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_used_again_stays() {
        let folder = folder("again");
        let again = library(&folder, "again", 31);
        made(&folder.join("python-again"), 31);
        assert!(use_library(&again) && !use_library(&folder.join("library-gone")));
        use_answer(&folder.join("python-again"));
        prune(&folder, &folder.join("library-current"));
        assert_eq!(names(&folder), ["library-again", "python-again"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
