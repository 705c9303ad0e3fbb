//! `comptoir staff create`.

use std::{collections::BTreeSet, process::ExitCode};

use comptoir_domain::access::{Actor, NewStaff, Password, Permission, Permissions, StaffError};

use super::{BoxError, Comptoir};

/// Creates a member of staff, and prints what they sign in with.
///
/// # Errors
/// A flag is wrong, the address is taken, or the storage failed.
pub(crate) async fn create(
    comptoir: &Comptoir,
    email: &str,
    password_stdin: bool,
    permissions: &[String],
) -> Result<ExitCode, BoxError> {
    let email: comptoir_domain::access::Email = email.parse().map_err(|it| format!("--email: {it}"))?;
    let permissions = parse_permissions(permissions)?;
    let password = if password_stdin { read_password()? } else { new_password(comptoir) };
    let password = Password::parse(password).map_err(|it| format!("the password: {it}"))?;
    let new = NewStaff { email: email.clone(), password: password.clone(), permissions };
    let actor = Actor::system();
    comptoir.app.staff.create(&actor, new).await.map_err(|it| match it {
        StaffError::EmailTaken => format!("--email: {it}").into(),
        other => BoxError::from(other),
    })?;
    let signed_in = comptoir.app.staff.issue_token(&actor, &email).await?;
    println!("E-mail    {email}");
    if !password_stdin {
        println!("Password  {}", password.expose());
    }
    println!("Token     {}", signed_in.tokens.access.expose());
    println!(
        "          until {}; `staffSignIn` gives new ones",
        signed_in.tokens.access_expires_at.format("%F %R UTC")
    );
    Ok(ExitCode::SUCCESS)
}

fn parse_permissions(names: &[String]) -> Result<Permissions, BoxError> {
    if names.iter().any(|it| it == "ALL") {
        return Ok(Permission::ALL.iter().copied().collect());
    }
    let parsed: Result<BTreeSet<Permission>, _> = names.iter().map(|it| it.parse()).collect();
    parsed.map_err(|it| format!("--permission: {it}").into())
}

fn read_password() -> Result<String, BoxError> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// As much chance as a cart's secret has.
fn new_password(comptoir: &Comptoir) -> String {
    comptoir.ports.tokens.new_cart_secret().expose().trim_start_matches("cs_").chars().take(24).collect()
}
