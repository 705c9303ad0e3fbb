//! What a device did with a cart while it was offline, on the wire.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, InputType, Object, Result, SimpleObject, Value};
use comptoir_domain::cart::{CartEdit, CartRefusal, CartService, OfflineCommand, SyncedCart, SyncedCommand};

use super::{
    super::{
        context::ContextExt as _,
        error::{Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_ids, parse_key},
        scalar::{DateTime, Uuid},
    },
    input::{
        CartLineAddInput, CartLineUpdateInput, Named, NoLines, OnInsufficientStock, Unnamed, line_changes, lines_of,
        named_variants, note,
    },
    mutation::{parse_code, parse_contact},
    object::Cart,
    problem::CartNotice,
};

/// Lines to add, or what the lines are to be.
#[derive(InputObject)]
struct OfflineLinesInput {
    /// The lines.
    lines: Vec<CartLineAddInput>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Clamp")]
    on_insufficient_stock: OnInsufficientStock,
}

/// Lines to change.
#[derive(InputObject)]
struct OfflineLineUpdatesInput {
    /// The lines; those that were added offline too are named by `item`.
    lines: Vec<CartLineUpdateInput>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Clamp")]
    on_insufficient_stock: OnInsufficientStock,
}

/// Lines.
#[derive(InputObject)]
struct OfflineLineIdsInput {
    /// The lines.
    line_ids: Vec<ID>,
}

/// Text for the shop.
#[derive(InputObject)]
struct OfflineNoteInput {
    /// At most 1000 characters; null removes the note.
    note: Option<String>,
}

/// How to reach the buyer.
#[derive(InputObject)]
struct OfflineContactInput {
    /// Where the confirmation goes.
    email: String,
}

/// A discount code.
#[derive(InputObject)]
struct OfflineCodeInput {
    /// The code.
    code: String,
}

/// A command that was made offline: exactly one of its commands is given.
#[derive(InputObject)]
struct OfflineCommandInput {
    /// A key that the device makes for this command and sends again when it tries again: it is applied once.
    id: Uuid,
    /// When it was made, by the device's clock. Commands are applied in this order.
    at: DateTime,
    /// As `cartLinesAdd`.
    lines_add: Option<OfflineLinesInput>,
    /// As `cartLinesUpdate`.
    lines_update: Option<OfflineLineUpdatesInput>,
    /// As `cartLinesSet`.
    lines_set: Option<OfflineLinesInput>,
    /// As `cartLinesRemove`.
    lines_remove: Option<OfflineLineIdsInput>,
    /// As `cartLinesSaveForLater`.
    lines_save_for_later: Option<OfflineLineIdsInput>,
    /// As `cartLinesMoveToCart`; where there is not enough, what there is.
    lines_move_to_cart: Option<OfflineLineIdsInput>,
    /// As `cartNoteSet`.
    note_set: Option<OfflineNoteInput>,
    /// As `cartContactSet`.
    contact_set: Option<OfflineContactInput>,
    /// As `cartCodeApply`.
    code_apply: Option<OfflineCodeInput>,
    /// As `cartCodeRemove`.
    code_remove: Option<OfflineCodeInput>,
}

/// What a device did with a cart while it was offline.
#[derive(InputObject)]
struct CartSyncInput {
    /// The cart.
    cart_id: ID,
    /// The commands: at most 50.
    commands: Vec<OfflineCommandInput>,
}

/// What became of an offline command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
enum OfflineCommandOutcome {
    /// It was applied, now or before.
    Applied,
    /// It was refused, now or before: see `userErrors`.
    Refused,
}

/// What became of an offline command. What comes again is answered as before.
#[derive(SimpleObject)]
struct OfflineCommandResult {
    /// The device's key.
    id: Uuid,
    /// What became of it.
    outcome: OfflineCommandOutcome,
    /// The version of the cart that has it, or that refused it; null where it could not be read.
    version: Option<u32>,
    /// Why it was refused; empty: it was not.
    user_errors: Vec<UserError>,
    /// Lines that got less than was wanted.
    warnings: Vec<CartNotice>,
}

/// The answer to `cartSync`.
#[derive(SimpleObject)]
struct CartSyncPayload {
    /// The cart as it is now; null where the batch was refused.
    cart: Option<Cart>,
    /// What became of each command, in the order they were sent.
    results: Vec<OfflineCommandResult>,
    /// Why the batch was refused as a whole; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Coming back from being offline.
#[derive(Default)]
pub(in crate::graphql) struct CartSyncMutation;

#[Object]
impl CartSyncMutation {
    /// Applies what a device did with a cart while it was offline: in the order in which it was made, each command once for its
    /// key, also when the batch is sent again. A command that is refused hinders no other; all that are applied make one version.
    async fn cart_sync(&self, ctx: &Context<'_>, input: CartSyncInput) -> Result<CartSyncPayload> {
        match sync(ctx, input).await {
            Ok(synced) => payload(synced),
            Err(refusal) => {
                Ok(CartSyncPayload { cart: None, results: vec![], user_errors: refusal.into_user_errors()? })
            }
        }
    }
}

impl OfflineCommandInput {
    /// The field of its command; none: there are several, or there is none.
    fn field(&self) -> Option<&'static str> {
        let fields = [
            ("linesAdd", self.lines_add.is_some()),
            ("linesUpdate", self.lines_update.is_some()),
            ("linesSet", self.lines_set.is_some()),
            ("linesRemove", self.lines_remove.is_some()),
            ("linesSaveForLater", self.lines_save_for_later.is_some()),
            ("linesMoveToCart", self.lines_move_to_cart.is_some()),
            ("noteSet", self.note_set.is_some()),
            ("contactSet", self.contact_set.is_some()),
            ("codeApply", self.code_apply.is_some()),
            ("codeRemove", self.code_remove.is_some()),
        ];
        let mut given = fields.into_iter().filter(|it| it.1).map(|it| it.0);
        given.next().filter(|_| given.next().is_none())
    }
}

/// A command that cannot be read: its place, its key, and why, where in the input.
type Unreadable = (usize, Uuid, Refusal, Path);

/// Where in the input a command is, and what it does.
type CommandPath = (Path, Path);

/// What became of a batch, and where in the input its commands are.
type Synced = (SyncedCart, Vec<Unreadable>, Vec<CommandPath>);

async fn sync(ctx: &Context<'_>, input: CartSyncInput) -> Result<Synced, Refusal> {
    let request = ctx.request()?;
    let cart_id = parse_id(&input.cart_id, Path::input("cartId"))?;
    let count = input.commands.len();
    CartService::check_command_count(count).map_err(|it| it.refuse(Path::input("commands")))?;
    // All variants that are named by SKU or code are looked up at once.
    let lines = input.commands.iter().map(|it| {
        let lines = it.lines_add.as_ref().or(it.lines_set.as_ref());
        lines.map_or(&[][..], |it| it.lines.as_slice())
    });
    let mut found = named_variants(ctx, lines.flatten().collect()).await?.into_iter();
    let (mut commands, mut unreadable, mut paths) = (Vec::with_capacity(count), Vec::new(), Vec::with_capacity(count));
    for (place, it) in input.commands.into_iter().enumerate() {
        let key = it.id.clone();
        let lines = it.lines_add.as_ref().or(it.lines_set.as_ref()).map_or(0, |it| it.lines.len());
        let named = found.by_ref().take(lines).collect();
        let at = Path::input("commands").index(place);
        let within = it.field().map_or_else(|| at.clone(), |field| at.clone().field(field));
        match parse_key(&key, Path::input("id")) {
            Err(refusal) => unreadable.push((place, key, refusal, at.clone())),
            Ok(id) => match parse(id.0, it, named) {
                Ok(command) => commands.push(command),
                Err(refusal) => unreadable.push((place, key, refusal, within.clone())),
            },
        }
        paths.push((at, within));
    }
    let synced = request.app.carts.sync(&request.actor, cart_id, commands).await;
    Ok((synced.map_err(|it| it.refuse(Path::input("cartId")))?, unreadable, paths))
}

fn parse(
    id: uuid::Uuid,
    input: OfflineCommandInput,
    named: Vec<Result<Named, Unnamed>>,
) -> Result<OfflineCommand, Refusal> {
    // Two lists of lines are two commands, though only one of them is read below.
    let one_of = || super::input::one_of("the commands", Path::argument("input"));
    input.field().ok_or_else(one_of)?;
    let (at, sent) = (input.at.0, sent(&input));
    let line_ids = |it: OfflineLineIdsInput| parse_ids(&it.line_ids, &Path::input("lineIds"));
    let code = |it: OfflineCodeInput| parse_code(&it.code);
    let mut edits: Vec<Result<CartEdit, NoLines>> = Vec::new();
    if let Some(it) = input.lines_add {
        let on_shortage = it.on_insufficient_stock.into();
        edits.push(lines_of(it.lines, named).map(|lines| CartEdit::AddLines { lines, on_shortage }));
    } else if let Some(it) = input.lines_set {
        let on_shortage = it.on_insufficient_stock.into();
        edits.push(lines_of(it.lines, named).map(|lines| CartEdit::SetLines { lines, on_shortage }));
    }
    if let Some(it) = input.lines_update {
        let on_shortage = it.on_insufficient_stock.into();
        let changes = line_changes(it.lines).map_err(NoLines::Input);
        edits.push(changes.map(|changes| CartEdit::UpdateLines { changes, on_shortage }));
    }
    let mut others: Vec<Result<CartEdit, Refusal>> = Vec::new();
    others.extend(input.lines_remove.map(|it| line_ids(it).map(CartEdit::RemoveLines)));
    others.extend(input.lines_save_for_later.map(|it| line_ids(it).map(CartEdit::SaveForLater)));
    others.extend(input.lines_move_to_cart.map(|it| {
        let on_shortage = OnInsufficientStock::Clamp.into();
        line_ids(it).map(|lines| CartEdit::MoveToCart { lines, on_shortage })
    }));
    others.extend(input.note_set.map(|it| note(it.note, Path::input("note")).map(CartEdit::SetNote)));
    others.extend(input.contact_set.map(|it| parse_contact(&it.email).map(CartEdit::SetContact)));
    others.extend(input.code_apply.map(|it| code(it).map(CartEdit::ApplyCode)));
    others.extend(input.code_remove.map(|it| code(it).map(CartEdit::RemoveCode)));
    edits.extend(others.into_iter().map(|it| it.map_err(NoLines::Input)));
    let edit = match edits.pop().ok_or_else(one_of)? {
        Ok(edit) => Ok(edit),
        Err(NoLines::Refused(refusal)) => Err(refusal),
        Err(NoLines::Input(refusal)) => return Err(refusal),
    };
    Ok(OfflineCommand { id, at, input: sent, edit })
}

/// What a command says to do, as it was sent.
fn sent(input: &OfflineCommandInput) -> String {
    let mut value = InputType::to_value(input);
    if let Value::Object(fields) = &mut value {
        fields.swap_remove("id");
        fields.swap_remove("at");
    }
    value.to_string()
}

/// The results of all commands, each in its place.
fn payload((synced, unreadable, paths): Synced) -> Result<CartSyncPayload> {
    let mut results: Vec<Option<OfflineCommandResult>> = paths.iter().map(|_| None).collect();
    for (place, id, refusal, at) in unreadable {
        let user_errors = refusal.into_user_errors()?.into_iter().map(|it| it.within(&at)).collect();
        let outcome = OfflineCommandOutcome::Refused;
        if let Some(slot) = results.get_mut(place) {
            *slot = Some(OfflineCommandResult { id, outcome, version: None, user_errors, warnings: vec![] });
        }
    }
    let mut commands = synced.commands.into_iter();
    let mut filled = Vec::with_capacity(paths.len());
    for (slot, at) in results.into_iter().zip(&paths) {
        match slot {
            Some(result) => filled.push(result),
            None => {
                if let Some(command) = commands.next() {
                    filled.push(result_of(command, at)?);
                }
            }
        }
    }
    Ok(CartSyncPayload { cart: Some(Cart(Arc::new(synced.view))), results: filled, user_errors: vec![] })
}

fn result_of(command: SyncedCommand, path: &CommandPath) -> Result<OfflineCommandResult> {
    let SyncedCommand { command_id, version, refusal, clamped } = command;
    let at = if matches!(refusal, Some(CartRefusal::CommandIdReused)) { &path.0 } else { &path.1 };
    let outcome = if refusal.is_some() { OfflineCommandOutcome::Refused } else { OfflineCommandOutcome::Applied };
    let errors = match refusal {
        Some(refusal) => CartRefusal::refuse(refusal, Path::default()).into_user_errors()?,
        None => vec![],
    };
    Ok(OfflineCommandResult {
        id: Uuid(command_id.to_string()),
        outcome,
        version: Some(version),
        user_errors: errors.into_iter().map(|it| it.within(at)).collect(),
        warnings: clamped.iter().map(CartNotice::from).collect(),
    })
}
