//! Staff: who may sign in to the console, with which roles, for which entities.
//!
//! Name and address are sealed under the root and found by a keyed fingerprint. Passwords come and go
//! as hashes: making and checking them is the caller's work, outside any transaction. Every change
//! stands in the system's chain, by whoever began the transaction ([`crate::Store::begin_as`]).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use habeas_core::access::{self, Absence, Action, Role};
use habeas_core::event::Record;
use habeas_core::id::{Token, UserId};
use habeas_core::request::Request;

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// The personal part of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name colleagues see.
    pub name: String,
    /// The address they sign in with, in lower case.
    pub email: String,
    /// The language of the console for them.
    pub language: Option<String>,
}

/// An account to be made.
pub struct NewUser<'a> {
    /// Name and address.
    pub profile: &'a Profile,
    /// The password's hash; none until an invitation is taken up.
    pub password_hash: Option<&'a str>,
    /// The names of roles.
    pub roles: &'a [String],
    /// The entities they see; none for all.
    pub entities: Option<&'a [String]>,
}

/// An account.
#[derive(Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Name and address.
    pub profile: Profile,
    /// The password's hash.
    pub password_hash: Option<String>,
    /// The secret of the authenticator app.
    pub totp_secret: Option<Zeroizing<Vec<u8>>>,
    /// The last time step that was used: none passes twice.
    pub totp_last_step: Option<u64>,
    /// The names of roles.
    pub roles: Vec<String>,
    /// The entities they see; none for all.
    pub entities: Option<Vec<String>>,
    /// The activities whose requests they see; none for all.
    pub activities: Option<Vec<String>>,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// Whether they may no longer sign in.
    pub is_disabled: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "User({})", self.id)
    }
}

impl User {
    /// Says whether an account with these roles may see a request, as far as it is theirs to see requests at all.
    pub fn may_see(&self, request: &Request, roles: &[Role]) -> bool {
        let is_in =
            |names: &Option<Vec<String>>, name: &String| names.as_ref().is_none_or(|n| n.contains(name));
        !self.is_disabled
            && is_in(&self.entities, &request.terms.entity)
            && is_in(&self.activities, &request.terms.activity)
            && request.readers.admits(self.id, access::may(roles, Action::Narrow))
    }
}

/// No list of accounts is longer than this.
const LIST_LIMIT: i64 = 1_000;

const SELECT: &str =
    "SELECT id, profile, password, totp_secret, totp_last_step, roles, entities, activities, absences,
    is_disabled, created_at FROM users";

/// What the token of a browser that an account has signed in from is for.
const DEVICE: &str = "console device";

impl Tx {
    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the address has one.
    pub async fn add_user(&mut self, new: &NewUser<'_>) -> Result<UserId> {
        let now = self.now();
        let id = UserId::new(now, &*self.inner.chance);
        let fingerprint = self.email_fingerprint(&new.profile.email);
        let sql = "INSERT INTO users (id, email_fingerprint, profile, password, roles, entities,
                is_disabled, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
        let values = args![
            id.to_string(),
            fingerprint,
            self.seal_profile(id, new.profile)?,
            new.password_hash.map(str::to_owned),
            list(new.roles),
            new.entities.map(list),
            now
        ];
        self.conn.execute(sql, values).await?;
        self.note_user("user_added", id, access_of(new.roles, new.entities)).await?;
        Ok(id)
    }

    /// Changes name, address or language.
    pub async fn set_profile(&mut self, id: UserId, profile: &Profile) -> Result<()> {
        let fingerprint = self.email_fingerprint(&profile.email);
        let sealed = self.seal_profile(id, profile)?;
        let sql = "UPDATE users SET email_fingerprint = $2, profile = $3 WHERE id = $1";
        self.change(sql, args![id.to_string(), fingerprint, sealed]).await?;
        self.note_user("user_profile_set", id, json!({})).await
    }

    /// Changes what somebody may do. It holds from the next call on: sessions carry no roles.
    pub async fn set_roles(
        &mut self,
        id: UserId,
        roles: &[String],
        entities: Option<&[String]>,
    ) -> Result<()> {
        let sql = "UPDATE users SET roles = $2, entities = $3 WHERE id = $1";
        self.change(sql, args![id.to_string(), list(roles), entities.map(list)]).await?;
        self.note_user("user_roles_set", id, access_of(roles, entities)).await
    }

    /// Limits somebody to the requests of some activities; none for all.
    pub async fn set_activities(&mut self, id: UserId, activities: Option<&[String]>) -> Result<()> {
        let sql = "UPDATE users SET activities = $2 WHERE id = $1";
        self.change(sql, args![id.to_string(), activities.map(list)]).await?;
        self.note_user("user_activities_set", id, json!({ "activities": activities })).await
    }

    /// Says when somebody is away.
    pub async fn set_absences(&mut self, id: UserId, absences: &[Absence]) -> Result<()> {
        let text = serde_json::to_string(absences).map_err(|_| Error::inconsistent("users", &id))?;
        let sql = "UPDATE users SET absences = $2 WHERE id = $1";
        self.change(sql, args![id.to_string(), text]).await?;
        self.note_user("user_absences_set", id, json!({ "absences": absences })).await
    }

    /// Sets the password, ends every session of the account and forgets its browsers.
    pub async fn set_password(&mut self, id: UserId, password_hash: &str) -> Result<()> {
        let sql = "UPDATE users SET password = $2 WHERE id = $1";
        self.change(sql, args![id.to_string(), password_hash]).await?;
        self.end_sessions_of(id).await?;
        self.forget_devices_of(id).await?;
        self.note_user("user_password_set", id, json!({})).await
    }

    /// Sets or removes the secret of the authenticator app.
    pub async fn set_totp(&mut self, id: UserId, secret: Option<&[u8]>) -> Result<()> {
        let sealed = secret.map(|secret| self.inner.root.seal(&totp_place(id), secret, &*self.inner.chance));
        let sql = "UPDATE users SET totp_secret = $2, totp_last_step = NULL WHERE id = $1";
        self.change(sql, args![id.to_string(), sealed]).await?;
        self.note_user("user_totp_set", id, json!({ "is_set": secret.is_some() })).await
    }

    /// Uses up a time step of the authenticator app; the answer is no where it was used.
    pub async fn use_totp_step(&mut self, id: UserId, step: u64) -> Result<bool> {
        let sql = "UPDATE users SET totp_last_step = $2
            WHERE id = $1 AND (totp_last_step IS NULL OR totp_last_step < $2)";
        Ok(self.conn.execute(sql, args![id.to_string(), step]).await? == 1)
    }

    /// Lets somebody in no more, or again, ends their sessions at once and forgets their browsers.
    pub async fn set_disabled(&mut self, id: UserId, is_disabled: bool) -> Result<()> {
        let sql = "UPDATE users SET is_disabled = $2 WHERE id = $1";
        self.change(sql, args![id.to_string(), is_disabled]).await?;
        self.end_sessions_of(id).await?;
        self.forget_devices_of(id).await?;
        self.note_user("user_disabled_set", id, json!({ "is_disabled": is_disabled })).await
    }

    /// Remembers a browser that an account has signed in from until then, in place of how it was known before.
    pub async fn remember_device(
        &mut self,
        id: UserId,
        before: Option<&Token>,
        device: &Token,
        until: Timestamp,
    ) -> Result<()> {
        if let Some(before) = before {
            self.take_token(before, DEVICE).await?;
        }
        self.add_token(device, DEVICE, &id.to_string(), until).await
    }

    async fn forget_devices_of(&mut self, id: UserId) -> Result<u64> {
        self.withdraw_tokens(DEVICE, &id.to_string()).await
    }

    async fn change(&mut self, sql: &'static str, values: Vec<crate::db::Arg>) -> Result<()> {
        match self.conn.execute(sql, values).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Notes a change in the system's chain: ids and names of roles only.
    async fn note_user(&mut self, event: &str, id: UserId, mut body: Value) -> Result<()> {
        let (actor, now) = (self.actor, self.now());
        if let Some(fields) = body.as_object_mut() {
            fields.insert("user".to_owned(), Value::from(id.to_string()));
        }
        let record = Record { kind: event.to_owned(), version: 1, body, sealed: None };
        self.append_system(actor, now, &[record]).await?;
        Ok(())
    }

    fn seal_profile(&self, id: UserId, profile: &Profile) -> Result<Vec<u8>> {
        let text = serde_json::to_string(profile).map_err(|_| Error::Sealed("profile"))?;
        Ok(self.inner.root.seal(&profile_place(id), text.as_bytes(), &*self.inner.chance))
    }
}

impl Read {
    /// Returns an account.
    pub async fn lookup_user(&mut self, id: UserId) -> Result<Option<User>> {
        let sql = format!("{SELECT} WHERE id = $1");
        let rows = self.conn.all_built(sql, args![id.to_string()]).await?;
        rows.first().map(|row| self.open_user(row)).transpose()
    }

    /// Returns the account of an address.
    pub async fn lookup_user_by_email(&mut self, email: &str) -> Result<Option<User>> {
        let fingerprint = self.email_fingerprint(email);
        let sql = format!("{SELECT} WHERE email_fingerprint = $1");
        let rows = self.conn.all_built(sql, args![fingerprint]).await?;
        rows.first().map(|row| self.open_user(row)).transpose()
    }

    /// Returns whose sign-in a browser is remembered by.
    pub async fn lookup_device(&mut self, device: &Token) -> Result<Option<UserId>> {
        Ok(self.peek_token(device, DEVICE).await?.and_then(|id| id.parse().ok()))
    }

    /// Returns every account, oldest first, up to a thousand.
    pub async fn list_users(&mut self) -> Result<Vec<User>> {
        let sql = format!("{SELECT} ORDER BY id LIMIT {LIST_LIMIT}");
        let rows = self.conn.all_built(sql, Vec::new()).await?;
        rows.iter().map(|row| self.open_user(row)).collect()
    }

    fn email_fingerprint(&self, email: &str) -> Vec<u8> {
        self.inner.root.fingerprint("staff_email", email.trim().to_lowercase().as_bytes())
    }

    fn open_user(&self, row: &Row) -> Result<User> {
        let id: UserId = row.parsed("id")?;
        let broken = || Error::inconsistent("users", &id);
        let profile = self.inner.root.open(&profile_place(id), &row.bytes("profile")?)?;
        let totp_secret = row
            .opt_bytes("totp_secret")?
            .map(|sealed| self.inner.root.open(&totp_place(id), &sealed))
            .transpose()?;
        let roles = serde_json::from_value(row.json("roles")?).map_err(|_| broken())?;
        let names = |column: &str| -> Result<Option<Vec<String>>> {
            let text = row.opt_text(column)?;
            text.map(|text| serde_json::from_str(&text).map_err(|_| broken())).transpose()
        };
        let absences = row.opt_text("absences")?;
        let absences = absences.map(|text| serde_json::from_str(&text).map_err(|_| broken())).transpose()?;
        Ok(User {
            id,
            profile: serde_json::from_slice(&profile).map_err(|_| broken())?,
            password_hash: row.opt_text("password")?,
            totp_secret,
            totp_last_step: row.opt_int("totp_last_step")?.and_then(|step| u64::try_from(step).ok()),
            roles,
            entities: names("entities")?,
            activities: names("activities")?,
            absences: absences.unwrap_or_default(),
            is_disabled: row.is("is_disabled")?,
            created_at: row.instant("created_at")?,
        })
    }
}

fn access_of(roles: &[String], entities: Option<&[String]>) -> Value {
    json!({ "roles": roles, "entities": entities })
}

fn list(names: &[String]) -> String {
    Value::from(names.to_vec()).to_string()
}

fn profile_place(id: UserId) -> String {
    format!("user {id}")
}

fn totp_place(id: UserId) -> String {
    format!("totp {id}")
}

#[cfg(test)]
mod tests;
