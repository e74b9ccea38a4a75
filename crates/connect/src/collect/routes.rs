//! Chains of links, kept once each.
//!
//! A chain never holds the same link twice: going round a cycle again adds nothing, so that there are
//! few chains however deep a tree is.

use std::collections::HashMap;
use std::sync::Arc;

use habeas_core::record::Hop;

/// Names a chain.
pub(super) type RouteId = u32;

/// All chains of a run.
#[derive(Default)]
pub(super) struct Routes {
    routes: Vec<Route>,
    extended: HashMap<(Option<RouteId>, Hop, bool), RouteId>,
}

struct Route {
    hops: Arc<[Hop]>,
    third_party: bool,
}

impl Routes {
    /// Returns the chain that follows one link more; `None` starts at an identity.
    pub(super) fn extend(&mut self, from: Option<RouteId>, hop: &Hop, third_party: bool) -> RouteId {
        let key = (from, hop.clone(), third_party);
        if let Some(known) = self.extended.get(&key) {
            return *known;
        }
        let before = from.and_then(|id| self.routes.get(id as usize));
        let third_party = third_party || before.is_some_and(|route| route.third_party);
        let id = match (from, before) {
            (Some(id), Some(route)) if route.hops.contains(hop) && route.third_party == third_party => id,
            _ => {
                let mut hops = before.map(|route| route.hops.to_vec()).unwrap_or_default();
                if !hops.contains(hop) {
                    hops.push(hop.clone());
                }
                self.add(hops.into(), third_party)
            }
        };
        self.extended.insert(key, id);
        id
    }

    fn add(&mut self, hops: Arc<[Hop]>, third_party: bool) -> RouteId {
        let known =
            self.routes.iter().position(|route| route.hops == hops && route.third_party == third_party);
        let place = known.unwrap_or_else(|| {
            self.routes.push(Route { hops, third_party });
            self.routes.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Returns the links of a chain.
    pub(super) fn hops(&self, id: RouteId) -> Arc<[Hop]> {
        self.routes.get(id as usize).map(|route| Arc::clone(&route.hops)).unwrap_or_default()
    }

    /// Returns whether a chain leads over other people.
    pub(super) fn is_third_party(&self, id: RouteId) -> bool {
        self.routes.get(id as usize).is_some_and(|route| route.third_party)
    }
}
