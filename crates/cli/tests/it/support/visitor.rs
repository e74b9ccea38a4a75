//! A browser without a window: keeps cookies, follows nothing by itself, fills in the forms it was shown.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

/// One browser.
#[derive(Clone)]
pub(crate) struct Visitor {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// Where it calls from.
    pub(crate) address: SocketAddr,
    /// What it sends beside cookies with every call.
    pub(crate) headers: HeaderMap,
    /// The page it was shown last; its forms are what can be sent.
    pub(crate) page: Answer,
}

/// An answer, read to its end.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Returns the body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Returns where the answer sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// Returns a header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the hidden fields of all forms on the page, the last of a name.
    pub(crate) fn hidden(&self) -> BTreeMap<String, String> {
        let text = self.text();
        let inputs = text.split("<input type=\"hidden\" name=\"").skip(1);
        inputs
            .map(|rest| {
                let (name, rest) = rest.split_once('"').expect("a name");
                let value = rest.split_once("value=\"").expect("a value").1;
                (name.to_owned(), unescape(value.split_once('"').expect("its end").0))
            })
            .collect()
    }

    /// Fails unless the page shows these words.
    #[track_caller]
    pub(crate) fn shows(&self, words: &str) -> &Self {
        let text = unescape(&self.text());
        assert!(text.contains(words), "{words:?} is not on the page:\n{text}");
        self
    }

    /// Fails if the page shows these words.
    #[track_caller]
    pub(crate) fn hides(&self, words: &str) -> &Self {
        let text = unescape(&self.text());
        assert!(!text.contains(words), "{words:?} is on the page:\n{text}");
        self
    }

    /// Fails unless the answer has this status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Fails unless the answer sends the browser there.
    #[track_caller]
    pub(crate) fn leads_to(&self, path: &str) -> &Self {
        assert_eq!((self.status.as_u16(), self.location()), (303, path), "{}", self.text());
        self
    }

    /// Returns the reference the page shows.
    pub(crate) fn reference(&self) -> String {
        let text = self.text();
        let place = text.find("HB-").expect("a reference on the page");
        text[place..place + 12].to_owned()
    }
}

fn unescape(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ] {
        out = out.replace(from, to);
    }
    out
}

impl Visitor {
    /// A fresh browser in front of a server.
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            address: SocketAddr::from(([198, 51, 100, 7], 40_000)),
            headers: HeaderMap::new(),
            page: Answer::default(),
        }
    }

    /// The same browser calling from another address.
    pub(crate) fn from(mut self, address: [u8; 4]) -> Self {
        self.address = SocketAddr::from((address, 40_000));
        self
    }

    /// Returns a cookie it has.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Plants a cookie, as an attacker might.
    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).unwrap();
        self.call(request).await
    }

    /// Sends a form of the page it was shown last: its token and hidden fields, and what was filled in.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = self.page.hidden();
        solve(&mut all, &self.page.text());
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let all: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(path, &all).await
    }

    /// Sends exactly these fields.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.call(request).await
    }

    /// Sends a form with a file: these fields first, then the file.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (name, content): (&str, &[u8]),
    ) -> Answer {
        let mut body = Vec::new();
        for (field, value) in fields {
            let part =
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap();
        self.call(request).await
    }

    /// Sends a request as it is.
    pub(crate) async fn call(&mut self, request: Request<Body>) -> Answer {
        self.call_whole(request).await.expect("a whole body")
    }

    /// Sends a request whose answer may break off.
    pub(crate) async fn call_whole(&mut self, request: Request<Body>) -> Result<Answer, axum::Error> {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = body.collect().await?.to_bytes().to_vec();
        let answer = Answer { status: parts.status, headers: parts.headers, bytes };
        if answer.header("content-type").starts_with("text/html") {
            self.page = answer.clone();
        }
        Ok(answer)
    }

    /// Starts a request with this browser's cookies and headers.
    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).extension(ConnectInfo(self.address));
        if !self.headers.contains_key(header::HOST) {
            request = request.header(header::HOST, "localhost:8080");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request
    }
}

/// Does what `pow.js` does.
fn solve(fields: &mut BTreeMap<String, String>, page: &str) {
    let Some(challenge) = fields.get("pow_challenge").cloned() else { return };
    let bits = page.split_once("data-pow-bits=\"").expect("bits").1.split_once('"').expect("their end").0;
    let bits: u32 = bits.parse().expect("a number of bits");
    let is_solved = |nonce: &u64| {
        let digest = Sha256::digest(format!("{challenge}:{nonce}"));
        u32::from_be_bytes(digest[..4].try_into().unwrap()).leading_zeros() >= bits
    };
    let nonce = (0..u64::from(u32::MAX)).find(is_solved).expect("a nonce");
    fields.insert("pow".to_owned(), nonce.to_string());
}
