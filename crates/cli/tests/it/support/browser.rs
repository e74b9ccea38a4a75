//! A headless Chromium, driven through its WebDriver, with axe-core for accessibility.
//!
//! Every browser has an empty profile of its own and asks nobody outside the machine for anything.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::ChromeCapabilities;
use thirtyfour::prelude::*;

/// The widths pages are looked at: a desk and a phone.
pub(crate) const WIDTHS: [u32; 2] = [1280, 390];

const FLAGS: [&str; 10] = [
    "--headless=new",
    // Chromium's own sandbox needs rights that root in a container doesn't have; the pages are ours.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
];

/// A running browser. The fields go in this order: the session, then its driver, then its files.
pub(crate) struct Browser {
    pub driver: WebDriver,
    _process: Process,
    _profile: TempDir,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A rule of axe-core that a page breaks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub rule: String,
    pub impact: String,
    /// Where it is broken, as CSS selectors with axe-core's reason.
    pub places: Vec<String>,
}

impl Browser {
    /// Starts a driver on a free port and a browser with an empty profile.
    pub(crate) async fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (process, port) = start_driver();
        let mut wanted = ChromeCapabilities::new();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.unwrap();
        Self { driver, _process: process, _profile: profile }
    }

    /// Makes the page as wide as asked.
    pub(crate) async fn set_width(&self, width: u32) {
        self.set_screen(width, 900).await;
    }

    /// A window alone can't be as narrow as a phone or as high as a long page.
    async fn set_screen(&self, width: u32, height: u32) {
        let screen = serde_json::json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", screen).await.unwrap();
    }

    /// Shows pages as to somebody who prefers dark ones, or again as to everybody.
    pub(crate) async fn set_dark(&self, is_dark: bool) {
        let scheme = if is_dark { "dark" } else { "light" };
        // Without motion the colours are there at once.
        let media = serde_json::json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", media).await.unwrap();
    }

    /// Keeps the page's own scripts from running; what the harness asks still works.
    pub(crate) async fn switch_scripts_off(&self) {
        let off = serde_json::json!({ "value": true });
        self.driver.cdp().send_raw("Emulation.setScriptExecutionDisabled", off).await.unwrap();
    }

    /// Has downloads written to a folder without asking.
    pub(crate) async fn download_to(&self, folder: &Path) {
        let there = serde_json::json!({ "behavior": "allow", "downloadPath": folder });
        self.driver.cdp().send_raw("Browser.setDownloadBehavior", there).await.unwrap();
    }

    /// Takes a picture of the whole page at every width, as `NAME-WIDTH.png` in the build folder's
    /// `screenshots`, and returns where they are.
    pub(crate) async fn photograph(&self, name: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let mut pictures = Vec::new();
        for width in WIDTHS {
            self.set_width(width).await;
            let height = self.measure("document.documentElement.scrollHeight").await;
            self.set_screen(width, u32::try_from(height).unwrap().clamp(1, 8_000)).await;
            let file = folder.join(format!("{name}-{width}.png"));
            self.driver.screenshot(&file).await.unwrap();
            pictures.push(file);
        }
        pictures
    }

    /// Returns the serious and critical accessibility rules the page breaks at the present width.
    pub(crate) async fn violations(&self) -> Vec<Violation> {
        self.broken("{ resultTypes: ['violations'] }").await
    }

    /// Returns where words are too faint in the dark. Nothing but colours is other there.
    pub(crate) async fn faint_in_the_dark(&self, name: &str) -> Vec<String> {
        self.set_dark(true).await;
        let found = self.broken("{ resultTypes: ['violations'], runOnly: ['color-contrast'] }").await;
        self.set_dark(false).await;
        found.iter().map(|broken| format!("{name} in the dark: {:#?}", broken.places)).collect()
    }

    async fn broken(&self, options: &str) -> Vec<Violation> {
        let script = std::env::var("HABEAS_TEST_AXE")
            .expect("HABEAS_TEST_AXE is not set: run `cargo xtask test`, which fetches axe-core");
        let axe = std::fs::read_to_string(script).unwrap();
        self.driver.execute(axe, Vec::new()).await.unwrap();
        let run = format!(
            "const done = arguments[0]; axe.run(document, {options})\
                .then(found => done(found.violations), problem => done(String(problem)));"
        );
        let found = self.driver.execute_async(run, Vec::new()).await.unwrap();
        let Value::Array(found) = found.json().clone() else { panic!("axe-core failed: {}", found.json()) };
        found.iter().map(Violation::read).filter(Violation::is_grave).collect()
    }

    /// Returns what is wrong with the page at any width: grave accessibility rules it breaks, or that it is
    /// wider than its window.
    pub(crate) async fn complaints(&self, name: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        for width in WIDTHS {
            self.set_width(width).await;
            for broken in self.violations().await {
                complaints.push(format!(
                    "{name} at {width} px: {} ({}): {:#?}",
                    broken.rule, broken.impact, broken.places
                ));
            }
            let excess = self.measure("document.documentElement.scrollWidth - window.innerWidth").await;
            if excess > 0 {
                complaints.push(format!("{name} at {width} px is {excess} px too wide"));
            }
        }
        complaints
    }

    /// Fails with everything that is wrong with the page.
    pub(crate) async fn ensure_accessible(&self, name: &str) {
        let complaints = self.complaints(name).await;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    async fn measure(&self, expression: &str) -> i64 {
        let measured = self.driver.execute(format!("return {expression}"), Vec::new()).await.unwrap();
        measured.json().as_i64().unwrap()
    }

    /// Ends the browser without blocking the test's runtime, as dropping it would.
    pub(crate) async fn close(self) {
        self.driver.quit().await.unwrap();
    }
}

impl Violation {
    fn read(found: &Value) -> Self {
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let places = found["nodes"].as_array().into_iter().flatten();
        Self {
            rule: text(found, "id"),
            impact: text(found, "impact"),
            places: places
                .map(|node| format!("{}: {}", node["target"], text(node, "failureSummary")))
                .collect(),
        }
    }

    fn is_grave(&self) -> bool {
        matches!(self.impact.as_str(), "serious" | "critical")
    }
}

/// Starts the driver and reads from its greeting which port it took.
fn start_driver() -> (Process, u16) {
    let mut process = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver is there: `cargo xtask test` installs it");
    let greeting = BufReader::new(process.stdout.take().unwrap()).lines();
    let port = greeting
        .map_while(Result::ok)
        .find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .strip_suffix('.')?
                .parse()
                .ok()
        })
        .expect("chromedriver says which port it took");
    (Process(process), port)
}
