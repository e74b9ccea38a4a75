//! Writes every sample of every page and mail as a file, to look at: `cargo run -p habeas-render
//! --example preview -- DIR`.

use std::path::Path;
use std::{env, fs, io};

use habeas_render::asset;
use habeas_render::mail::{House, Letter};
use habeas_render::page::every;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let Some(folder) = env::args().nth(1) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "name a folder to write to").into());
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for name in asset::NAMES {
        let path = asset::url(name);
        let found = asset::lookup(path).ok_or_else(|| io::Error::other("asset without a path"))?;
        fs::write(folder.join(path.trim_start_matches('/')), found.bytes)?;
    }
    write_pages(folder)?;
    write_mails(folder)
}

fn write_pages(folder: &Path) -> Result<(), Failure> {
    for sample in every::samples()? {
        // Beside their assets, so that they open without a server.
        let html = sample.html.replace("\"/assets/", "\"assets/");
        fs::write(folder.join(format!("{}.html", sample.name)), html)?;
    }
    Ok(())
}

fn write_mails(folder: &Path) -> Result<(), Failure> {
    for (number, letter) in Letter::samples().iter().enumerate() {
        let mail = letter.render(&House::sample())?;
        let name = format!("mail-{}-{number}", letter.kind());
        fs::write(folder.join(format!("{name}.html")), mail.html)?;
        fs::write(folder.join(format!("{name}.txt")), format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
    }
    Ok(())
}
