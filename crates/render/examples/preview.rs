//! Writes every sample of every page and mail as a file, to look at: `cargo run -p habeas-render
//! --example preview -- DIR`.

use std::path::Path;
use std::{env, fs, io};

use habeas_render::asset;
use habeas_render::page::{Page, Place, Problem, document, portal, sample};

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
    write_portal(folder)?;
    write_console(folder)?;
    Ok(())
}

fn write<P: Page>(folder: &Path, name: &str, place: &Place) -> Result<(), Failure> {
    for (number, page) in P::samples().iter().enumerate() {
        let mut chrome = sample::portal(None);
        chrome.place = place.clone();
        let html = document(&chrome, page)?.replace("\"/assets/", "\"assets/");
        fs::write(folder.join(format!("{name}-{number}.html")), html)?;
    }
    Ok(())
}

fn write_portal(folder: &Path) -> Result<(), Failure> {
    let stranger = Place::Portal { reference: None };
    let subject = Place::Portal { reference: Some("HB-7K3M-9QXD".to_owned()) };
    write::<portal::Start>(folder, "portal-start", &stranger)?;
    write::<portal::Ask>(folder, "portal-ask", &stranger)?;
    write::<portal::Review>(folder, "portal-review", &stranger)?;
    write::<portal::Sent>(folder, "portal-sent", &stranger)?;
    write::<portal::Verify>(folder, "portal-verify", &stranger)?;
    write::<portal::SignIn>(folder, "portal-sign-in", &stranger)?;
    write::<portal::MyRequest>(folder, "portal-my", &subject)?;
    write::<portal::Withdraw>(folder, "portal-withdraw", &subject)?;
    write::<portal::Complain>(folder, "portal-complain", &subject)?;
    write::<portal::Download>(folder, "portal-download", &subject)?;
    write::<Problem>(folder, "portal-problem", &stranger)
}

fn write_console(_folder: &Path) -> Result<(), Failure> {
    Ok(())
}
