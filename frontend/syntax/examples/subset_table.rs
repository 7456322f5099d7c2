//! Writes the documentation of the subset: `cargo run -p pyhw-syntax --example subset_table`.

fn main() -> std::io::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/subset.md");
    std::fs::write(path, pyhw_syntax::subset::markdown())?;
    println!("wrote {path}");
    Ok(())
}
