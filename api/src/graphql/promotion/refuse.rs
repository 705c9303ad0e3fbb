//! What is wrong with promotions, on the wire: each issue at its place in the input.

use comptoir_domain::promotion::{Problem, PromotionError, PromotionIssue};

use super::super::error::{ErrorCode, Path, Refusal, Refuse as _, UserError};

/// What the client is told. `actions` are the names of the actions that were sent: paths into an action go through it.
pub(super) fn refuse(error: PromotionError, actions: &[&str]) -> Refusal {
    let message = error.to_string();
    let input = |code, field| UserError::input(code, message.clone(), Path::input(field)).into();
    match error {
        PromotionError::Access(error) => error.refuse(Path::default()),
        PromotionError::Storage(error) => error.refuse(Path::argument("input")),
        PromotionError::Invalid(issues) => Refusal::Errors(issues.iter().map(|it| issue(it, actions)).collect()),
        PromotionError::NotFound => input(ErrorCode::NotFound, "promotionId"),
        PromotionError::VersionConflict { current } => {
            UserError::version_conflict(current.version, &message, Path::input("expectedVersion")).into()
        }
        PromotionError::TooMany { max } | PromotionError::TooManyGroups { max } => {
            UserError::limit(max, &message, Path::argument("input")).into()
        }
        PromotionError::TooManyGifts { max } => UserError::limit(max, &message, Path::input("actions")).into(),
        PromotionError::GroupNotFound => input(ErrorCode::NotFound, "groupId"),
        PromotionError::GroupNotEmpty { .. } => input(ErrorCode::InvalidInput, "groupId"),
        PromotionError::CodeCount { max } => UserError::limit(max, &message, Path::input("codes")).into(),
        PromotionError::PrefixTooLong { max } => UserError::limit(max, &message, Path::input("prefix")).into(),
        PromotionError::UseCount { .. } => input(ErrorCode::QuantityOutOfRange, "usesMax"),
        PromotionError::UnknownCode => input(ErrorCode::UnknownDiscountCode, "code"),
        PromotionError::SearchTooLong { max } => UserError::limit(max, &message, Path::argument("query")).into(),
        PromotionError::CodeTaken => input(ErrorCode::InvalidInput, "codes"),
    }
}

fn issue(issue: &PromotionIssue, actions: &[&str]) -> UserError {
    let at = place(&issue.path, actions);
    let problem = &issue.problem;
    let input = |code, at| UserError::input(code, problem.to_string(), at);
    match problem {
        Problem::TooMany { max } | Problem::TooDeep { max } => UserError::limit(*max, problem, at),
        Problem::Contradiction { with } | Problem::TiersOverlap { with } | Problem::CurrencyMissing { with, .. } => {
            UserError::contradiction(place(with, actions), problem, at)
        }
        Problem::CapBelowDeal { .. } => {
            let of_action = issue.path.strip_suffix("cap.units").unwrap_or(&issue.path);
            UserError::contradiction(place(&format!("{of_action}get.quantity"), actions), problem, at)
        }
        Problem::Unknown { what: "channel", .. } => input(ErrorCode::UnknownChannel, at),
        Problem::Unknown { what: "market", .. } => input(ErrorCode::UnknownMarket, at),
        Problem::Unknown { .. } | Problem::UnknownGroup => input(ErrorCode::NotFound, at),
        _ => input(ErrorCode::InvalidInput, at),
    }
}

/// The place in the input of a path such as `actions[0].cap.units`.
fn place(path: &str, actions: &[&str]) -> Path {
    // Its two ends are fields of their own.
    let path = if path == "window" { "endsAt" } else { path };
    let mut steps = path.split(['.', '[']).map(|it| it.trim_end_matches(']')).peekable();
    let first = steps.next().unwrap_or_default();
    let mut at = Path::input(first);
    if let Some(index) = steps.next_if(|_| first == "actions") {
        at = at.field(index);
        let action = index.parse::<usize>().ok().and_then(|it| actions.get(it));
        if let Some(action) = action.filter(|_| steps.peek().is_some()) {
            at = at.field(action);
        }
    }
    steps.fold(at, |at, step| at.field(step))
}
