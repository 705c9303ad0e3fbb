//! Whether groups are a tree.

use super::{GROUP_DEPTH_MAX, Issues, PROMOTION_NAME_LENGTH_MAX, Problem, PromotionIssue, is_name};
use crate::promotion::PromotionGroup;

/// Checks that groups are a tree that is not too deep. Paths begin with a group's id.
///
/// # Errors
/// All that is wrong with them.
pub fn check_groups(groups: &[PromotionGroup]) -> Result<(), Vec<PromotionIssue>> {
    let mut issues = Issues::default();
    let max = PROMOTION_NAME_LENGTH_MAX;
    for group in groups {
        let path = |field: &str| format!("{}.{field}", group.id);
        issues.add_if(!is_name(&group.name), path("name"), Problem::Text { max });
        let mut at = group.parent_id;
        let mut depth = 1;
        while let Some(id) = at {
            depth += 1;
            let Some(parent) = groups.iter().find(|it| it.id == id) else {
                issues.add(path("parentId"), Problem::UnknownGroup);
                break;
            };
            if parent.id == group.id {
                issues.add(path("parentId"), Problem::Circle);
                break;
            }
            if GROUP_DEPTH_MAX < depth {
                issues.add(path("parentId"), Problem::TooDeep { max: GROUP_DEPTH_MAX });
                break;
            }
            at = parent.parent_id;
        }
    }
    issues.into_result()
}
