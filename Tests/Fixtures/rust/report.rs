// A Rust program with std: arguments, environment, standard input, files, collections, formatting.
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Write};
use std::{env, fs, process};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| {
        eprintln!("usage: report FOLDER");
        process::exit(2)
    });
    let mut counts: HashMap<String, usize> = HashMap::new();
    for line in io::stdin().lock().lines() {
        for word in line?.split_whitespace() {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    let sorted: BTreeMap<_, _> = counts.iter().collect();
    let path = format!("{}/report.txt", folder);
    let mut file = fs::File::create(&path)?;
    for (word, count) in &sorted {
        writeln!(file, "{:<8}|{:>4}", word, count)?;
    }
    drop(file);
    print!("{}", fs::read_to_string(&path)?);
    println!("{:?} {:.3} {:#x}", env::var("LEVEL"), 2f64.sqrt(), u64::MAX);
    println!("missing: {:?}", fs::read("/nowhere/file").is_err());
    println!("sum {}", (1..=1_000_000u64).filter(|n| n % 3 == 0).map(|n| n * n % 7).sum::<u64>());
    if let Ok(text) = env::var("PANIC_WITH") {
        panic!("{}", text);
    }
    process::exit(3)
}
