//! Issuing discount codes: named ones, or as many as are wanted that nobody can guess.

use super::{DiscountCode, IssuedCode, PromotionError, PromotionService};
use crate::{
    access::{Actor, Permission, Tokens},
    ids::PromotionId,
};

/// Codes to issue. Either `codes` or `count` says which.
#[derive(Debug, Clone)]
pub struct CodesToIssue {
    /// The promotion they are for.
    pub promotion_id: PromotionId,
    /// These codes.
    pub codes: Vec<DiscountCode>,
    /// Or so many made up.
    pub count: u32,
    /// What codes that are made up begin with.
    pub prefix: Option<DiscountCode>,
    /// How often each can be used; none: any number.
    pub uses_max: Option<u32>,
    /// How often one customer can use each; none: any number.
    pub customer_uses_max: Option<u32>,
}

/// The letters and digits of codes that are made up: none that is taken for another.
const ALPHABET: &str = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// How many of them: 31 to the power of 12 codes are some 10^17, so that guessing finds none of 100,000.
const LENGTH: usize = 12;

impl CodesToIssue {
    /// The most codes in one command.
    pub const COUNT_MAX: usize = 100_000;
    /// The most uses.
    pub const USES_MAX: u32 = 1_000_000_000;
    /// The most characters of a prefix.
    pub const PREFIX_LENGTH_MAX: usize = 32;

    fn check(&self) -> Result<(), PromotionError> {
        let (named, made_up) = (self.codes.len(), self.count as usize);
        if (named == 0) == (made_up == 0) || Self::COUNT_MAX < named.max(made_up) {
            return Err(PromotionError::CodeCount { max: Self::COUNT_MAX });
        }
        let is_long = |it: &DiscountCode| Self::PREFIX_LENGTH_MAX < it.as_str().chars().count();
        if self.prefix.as_ref().is_some_and(is_long) {
            return Err(PromotionError::PrefixTooLong { max: Self::PREFIX_LENGTH_MAX });
        }
        let mut limits = self.uses_max.iter().chain(&self.customer_uses_max);
        if !limits.all(|it| (1..=Self::USES_MAX).contains(it)) {
            return Err(PromotionError::UseCount { max: Self::USES_MAX });
        }
        Ok(())
    }
}

impl PromotionService {
    /// Issues codes of a promotion, all or none, and answers with them.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, no such promotion, a limit, or a code that there is already.
    pub async fn issue_codes(&self, actor: &Actor, wanted: CodesToIssue) -> Result<Vec<DiscountCode>, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        wanted.check()?;
        let now = self.clock.now();
        let mut codes = wanted.codes.clone();
        codes.extend((0..wanted.count).filter_map(|_| made_up(&*self.tokens, wanted.prefix.as_ref())));
        let issued: Vec<IssuedCode> = codes
            .iter()
            .map(|code| IssuedCode {
                code: code.clone(),
                promotion_id: wanted.promotion_id,
                uses_max: wanted.uses_max,
                customer_uses_max: wanted.customer_uses_max,
                is_paused: false,
                created_at: now,
            })
            .collect();
        let uow = self.storage.begin().await?;
        uow.promotion_queries().promotion(wanted.promotion_id).await?.ok_or(PromotionError::NotFound)?;
        let added = uow.codes().add_codes(&issued).await?;
        if added != issued.len() as u64 {
            return Err(PromotionError::CodeTaken);
        }
        uow.commit().await?;
        Ok(codes)
    }
}

fn made_up(tokens: &dyn Tokens, prefix: Option<&DiscountCode>) -> Option<DiscountCode> {
    let mut text = prefix.map(ToString::to_string).unwrap_or_default();
    let mut drawn = 0;
    while drawn < LENGTH {
        let secret = tokens.new_cart_secret();
        let usable = secret.expose().chars().map(|it| it.to_ascii_uppercase()).filter(|it| ALPHABET.contains(*it));
        // What a secret is prefixed with is the same for all.
        for letter in usable.skip(3).take(LENGTH - drawn) {
            text.push(letter);
            drawn += 1;
        }
    }
    text.parse().ok()
}
