//! Reading and scheduling every PSPLIB instance in `../shared/data/psplib`, when that is there.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use gangway_domain::plan::schedule;

fn instances(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            instances(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "sm") {
            found.extend(std::fs::read(&path));
        }
    }
}

fn benches(criterion: &mut Criterion) {
    let mut files = Vec::new();
    for root in ["../../../shared/data/psplib", "../../../../shared/data/psplib"] {
        if files.is_empty() {
            instances(&Path::new(env!("CARGO_MANIFEST_DIR")).join(root), &mut files);
        }
    }
    if files.is_empty() {
        println!("PSPLIB is not here: nothing to measure");
        return;
    }
    criterion.bench_function(&format!("psplib/read and schedule {} instances", files.len()), |bench| {
        bench.iter(|| {
            for file in &files {
                let plan = gangway_planfile::read(black_box(file), None);
                assert!(plan.is_ok_and(|file| schedule(&file.plan).is_ok()));
            }
        });
    });
}

criterion_group!(psplib, benches);
criterion_main!(psplib);
