//! `habeas law page`: all law packs as one page of the reference, for people who want to check them.

use std::fmt::Write as _;

use habeas_core::law::{Extension, Pack, Provision, Status, Verified, Versions};

use super::{effect, range};

const HEAD: &str = "# What the law packs say\n\nWritten by `cargo xtask docs` from `laws/*.toml`. Data for \
software, not legal advice. ⚠ marks what was written from knowledge and is to be checked by counsel.\n";

/// Returns the page.
pub(super) fn page(packs: &[Pack]) -> String {
    let mut page = HEAD.to_owned();
    for pack in packs {
        law(pack, &mut page);
    }
    page
}

fn law(pack: &Pack, page: &mut String) {
    let status = match (pack.status(), pack.effective_from()) {
        (Status::InForce, Some(from)) => format!("in force since {from}"),
        (Status::InForce, None) => "in force".to_owned(),
        (Status::Future, Some(from)) => format!("will bind from {from}"),
        (Status::Future, None) => "enacted, doesn't bind yet".to_owned(),
    };
    let head = format!(
        "\n## {}\n\n`{}`, {}, {status}, version {} of {}{}\n",
        pack.name(),
        pack.id(),
        pack.region(),
        pack.version(),
        pack.dated(),
        mark(pack.verified()),
    );
    page.push_str(&head);
    let rights = pack.rights().iter().map(|rule| {
        let words = rule.words.as_deref().unwrap_or_default();
        [rule.right.to_string(), cited(&rule.article, rule.verified, rule.versions), words.to_owned()]
    });
    table(page, ["right", "article", ""], rights);
    table(page, ["duty", "time", "article"], duties(pack));
    let waits = pack.waits().iter().map(|wait| {
        let what = format!("usual: {}; strict: {}", effect(wait.usual), effect(wait.strict));
        [wait.asked.to_string(), what, cited(&wait.article, wait.verified, wait.versions)]
    });
    table(page, ["question", "what it does to the date", "article"], waits);
    provisions(pack, page);
    let grounds = pack.refusal_grounds().iter().map(|ground| {
        [ground.id.clone(), ground.words.clone(), cited(&ground.article, ground.verified, ground.versions)]
    });
    table(page, ["ground to refuse", "", "article"], grounds);
    let told = pack.all_refusal_must_tell().iter().map(|told| {
        [told.id.clone(), told.words.clone(), cited(&told.article, Verified::Seen, told.versions)]
    });
    table(page, ["a refusal tells", "", "article"], told);
    let remedies = pack.all_remedies().iter().map(|remedy| {
        let contacts = [&remedy.words, &remedy.site, &remedy.phone, &remedy.email];
        let contacts: Vec<&str> = contacts.into_iter().flatten().map(String::as_str).collect();
        let article = cited(&remedy.article, remedy.verified, remedy.versions);
        [remedy.name.clone(), contacts.join(", "), article]
    });
    table(page, ["where to turn", "", "article"], remedies);
    let sources: Vec<String> = pack.sources().iter().map(|source| format!("- {source}")).collect();
    let _ = write!(page, "\nSources:\n\n{}\n", sources.join("\n"));
}

fn duties(pack: &Pack) -> impl Iterator<Item = [String; 3]> {
    let dated = pack.periods().iter().map(|period| {
        let mut time = period.length.to_string();
        if let Some(extension) = &period.extension {
            time.push_str(&extended(extension));
        }
        if let Some(article) = &period.deemed_refused {
            let _ = write!(time, "; silence counts as a refusal ({article})");
        }
        if !period.rolls {
            time.push_str("; a last day on a day off stays");
        }
        let article = cited(&period.article, period.verified, period.versions);
        [about(&period.obligations, &period.rights), time, article]
    });
    let undated = pack.undated().iter().map(|duty| {
        let article = cited(&duty.article, duty.verified, duty.versions);
        [about(&duty.obligations, &duty.rights), format!("no number of days: {}", duty.words), article]
    });
    dated.chain(undated)
}

fn extended(extension: &Extension) -> String {
    let length = extension.length.map_or_else(|| "to the day told".to_owned(), |length| length.to_string());
    let often =
        if extension.times_max == 1 { "once".to_owned() } else { format!("{} times", extension.times_max) };
    let conditions = extension.conditions.join("; ");
    let mark = mark(extension.verified);
    format!(", {often} extended by {length} ({}{mark}: {conditions})", extension.article).replace(": )", ")")
}

fn about<A: ToString, B: ToString>(duties: &[A], rights: &[B]) -> String {
    let duties: Vec<String> = duties.iter().map(ToString::to_string).collect();
    let rights: Vec<String> = rights.iter().map(ToString::to_string).collect();
    if rights.is_empty() {
        duties.join(", ")
    } else {
        format!("{} on {}", duties.join(", "), rights.join(", "))
    }
}

fn provisions(pack: &Pack, page: &mut String) {
    let days = [("a last day that is off", pack.rolling()), ("business days", pack.business_days())];
    let days = days.into_iter().filter_map(|(name, days)| {
        let days = days?;
        let words = days.words.clone().unwrap_or_default();
        Some([name.to_owned(), words, cited(&days.article, days.verified, Versions::default())])
    });
    let named = [
        ("counting", pack.counting()),
        ("fees", pack.fees()),
        ("identity", pack.identity()),
        ("agents", pack.agents()),
        ("children", pack.minors()),
        ("records", pack.records()),
    ];
    let starts = pack.clock_starts().iter().map(|start| ("the clock starts", start));
    let named = named.into_iter().filter_map(|(name, provision)| Some((name, provision?)));
    let words = starts.chain(named).map(|(name, provision)| said(name.to_owned(), provision));
    let notes = pack.notes().iter().map(|note| said(note.topic.replace('_', " "), note));
    table(page, ["matter", "", "article"], words.chain(days).chain(notes));
}

fn said(name: String, provision: &Provision) -> [String; 3] {
    let items = provision.items.join("; ");
    let words =
        if items.is_empty() { provision.words.clone() } else { format!("{} {items}", provision.words) };
    [name, words, cited(&provision.article, provision.verified, provision.versions)]
}

fn cited(article: &str, verified: Verified, versions: Versions) -> String {
    format!("{article}{}{}", mark(verified), range(versions))
}

fn mark(verified: Verified) -> &'static str {
    match verified {
        Verified::Seen => "",
        Verified::Recalled => " ⚠",
    }
}

fn table(page: &mut String, head: [&str; 3], rows: impl Iterator<Item = [String; 3]>) {
    let rows: Vec<String> = rows
        .map(|row| {
            let cells = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
            format!("| {} |\n", cells.join(" | "))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let _ = write!(page, "\n| {} |\n| --- | --- | --- |\n{}", head.join(" | "), rows.concat());
}
