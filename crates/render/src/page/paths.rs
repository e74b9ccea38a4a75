//! Every address that pages lead to: one table, which the web server serves and a test of all rendered
//! pages holds them to. `{x}` stands for one segment.

/// Who an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Anyone,
    /// A person signed in to their request.
    Subject,
    /// A signed-in member of staff.
    Staff,
}

/// One address and what may be sent to it.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The path.
    pub path: &'static str,
    /// Whether it answers GET.
    pub get: bool,
    /// Whether it takes POST.
    pub post: bool,
    /// Who it is for.
    pub audience: Audience,
}

const fn get(path: &'static str, audience: Audience) -> Route {
    Route { path, get: true, post: false, audience }
}

const fn post(path: &'static str, audience: Audience) -> Route {
    Route { path, get: false, post: true, audience }
}

const fn both(path: &'static str, audience: Audience) -> Route {
    Route { path, get: true, post: true, audience }
}

use Audience::{Anyone, Staff, Subject};

/// The addresses.
pub const PATHS: &[Route] = &[
    get("/", Anyone),
    both("/ask/{activity}", Anyone),
    get("/sent", Anyone),
    both("/verify", Anyone),
    post("/verify/resend", Anyone),
    both("/sign-in", Anyone),
    both("/sign-in/code", Anyone),
    post("/sign-in/resend", Anyone),
    post("/sign-out", Subject),
    get("/my", Subject),
    post("/my/messages", Subject),
    get("/my/files/{file}", Subject),
    get("/my/receipt", Subject),
    both("/my/answer", Subject),
    both("/my/withdraw", Subject),
    both("/my/complain", Subject),
    get("/my/reply", Subject),
    post("/my/reply/password", Subject),
    post("/my/reply/renew", Subject),
    get("/my/reply/{part}", Subject),
    both("/console/sign-in", Anyone),
    both("/console/sign-in/code", Anyone),
    get("/console/first/{token}", Anyone),
    post("/console/welcome", Anyone),
    post("/console/sign-out", Staff),
    get("/console", Staff),
    get("/console/checklist", Staff),
    both("/console/requests", Staff),
    both("/console/requests/new", Staff),
    get("/console/requests/{reference}", Staff),
    both("/console/requests/{reference}/data", Staff),
    post("/console/requests/{reference}/data/mark", Staff),
    both("/console/requests/{reference}/data/approve", Staff),
    get("/console/requests/{reference}/tasks", Staff),
    get("/console/requests/{reference}/messages", Staff),
    post("/console/requests/{reference}/messages", Staff),
    post("/console/requests/{reference}/notes", Staff),
    get("/console/requests/{reference}/decisions", Staff),
    get("/console/requests/{reference}/documents", Staff),
    get("/console/requests/{reference}/log", Staff),
    both("/console/requests/{reference}/refuse", Staff),
    both("/console/requests/{reference}/ask", Staff),
    post("/console/requests/{reference}/answer", Staff),
    both("/console/requests/{reference}/extend", Staff),
    both("/console/requests/{reference}/close", Staff),
    both("/console/requests/{reference}/assign", Staff),
    post("/console/requests/bulk", Staff),
    post("/console/requests/{reference}/reveal", Staff),
    both("/console/requests/{reference}/reopen", Staff),
    both("/console/requests/{reference}/reclassify", Staff),
    both("/console/requests/{reference}/split", Staff),
    both("/console/requests/{reference}/merge", Staff),
    both("/console/requests/{reference}/unmerge", Staff),
    both("/console/requests/{reference}/spam", Staff),
    both("/console/requests/{reference}/hours", Staff),
    get("/console/requests/{reference}/correction", Staff),
    both("/console/requests/{reference}/recipients", Staff),
    get("/console/requests/{reference}/recipients/{number}", Staff),
    get("/console/reports", Staff),
    both("/console/reports/plans", Staff),
    post("/console/reports/plans/{plan}/drop", Staff),
    get("/console/reports/{report}/{period}", Staff),
    post("/console/reports/{report}/{period}/export", Staff),
    post("/console/requests/export", Staff),
    post("/console/tasks/export", Staff),
    post("/console/views", Staff),
    post("/console/views/{view}/forget", Staff),
    get("/console/tasks", Staff),
    get("/console/tasks/{task}", Staff),
    post("/console/tasks/{task}/take", Staff),
    post("/console/tasks/{task}/release", Staff),
    post("/console/tasks/{task}/save", Staff),
    post("/console/tasks/{task}/complete", Staff),
    post("/console/tasks/{task}/reject", Staff),
    post("/console/tasks/{task}/notes", Staff),
    post("/console/tasks/{task}/retry", Staff),
    post("/console/tasks/{task}/excuse", Staff),
    both("/console/asked/{ask}", Staff),
    post("/console/asked/{ask}/files", Staff),
    get("/console/asked/{ask}/files/{file}", Staff),
    get("/console/sources", Staff),
    get("/console/sources/{source}", Staff),
    post("/console/sources/{source}/test", Staff),
    get("/console/outbox", Staff),
    get("/console/outbox/{mail}", Staff),
    get("/console/holds", Staff),
    both("/console/holds/new", Staff),
    both("/console/holds/{hold}", Staff),
    get("/console/snippets", Staff),
    both("/console/snippets/new", Staff),
    both("/console/snippets/{snippet}", Staff),
    both("/console/feed", Staff),
    get("/console/feed/{token}", Anyone),
    get("/console/log", Staff),
    get("/console/log/export", Staff),
    both("/console/requests/{reference}/narrow", Staff),
    both("/console/tasks/{task}/hand-over", Staff),
    both("/console/find", Staff),
    get("/console/find/{search}", Staff),
    get("/console/roles", Staff),
    both("/console/roles/new", Staff),
    both("/console/roles/{role}", Staff),
    get("/console/lists", Staff),
    both("/console/lists/new", Staff),
    both("/console/lists/{list}", Staff),
    both("/console/assignment", Staff),
    get("/console/users", Staff),
    both("/console/users/new", Staff),
    both("/console/users/{user}", Staff),
    get("/console/flows", Staff),
    both("/console/flows/new", Staff),
    both("/console/flows/import", Staff),
    both("/console/flows/{flow}", Staff),
    both("/console/flows/{flow}/copy", Staff),
    both("/console/flows/{flow}/edit", Staff),
    both("/console/flows/{flow}/try", Staff),
    both("/console/flows/{flow}/publish", Staff),
    get("/console/flows/{flow}/compare", Staff),
    get("/console/flows/{flow}/file", Staff),
    get("/console/activities", Staff),
    both("/console/activities/new", Staff),
    both("/console/activities/{activity}", Staff),
    get("/console/activities/{activity}/form", Staff),
    both("/console/regulations/new", Staff),
    both("/console/regulations/{regulation}", Staff),
    get("/console/laws", Staff),
    both("/console/laws/new", Staff),
    get("/console/laws/{law}", Staff),
    both("/console/laws/{law}/edit", Staff),
    get("/console/calendars/{calendar}", Staff),
    get("/console/definitions", Staff),
    get("/console/definitions/{kind}/{name}", Staff),
];
