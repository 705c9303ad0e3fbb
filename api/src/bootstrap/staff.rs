//! `comptoir staff create`.

use std::process::ExitCode;

use comptoir_domain::access::{Actor, Email, NewStaff, Password, Permission, Permissions, StaffError};

use super::{BoxError, Comptoir};

/// Reads the flags.
///
/// # Errors
/// One is wrong.
pub(crate) fn read(email: &str, permissions: &[String]) -> Result<(Email, Permissions), BoxError> {
    let email = email.parse().map_err(|it| format!("--email: {it}"))?;
    Ok((email, parse_permissions(permissions)?))
}

/// Creates a member of staff, and prints what they sign in with.
///
/// # Errors
/// The address is taken, the password does not do, or the storage failed.
pub(crate) async fn create(
    comptoir: &Comptoir,
    email: Email,
    password_stdin: bool,
    permissions: Permissions,
) -> Result<ExitCode, BoxError> {
    let password = if password_stdin { read_password()? } else { new_password(comptoir) };
    let password = Password::parse(password).map_err(|it| format!("the password: {it}"))?;
    let new = NewStaff { email: email.clone(), password: password.clone(), permissions, discount_limit: None };
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
    let mut permissions = Permissions::new();
    for name in names {
        match name.as_str() {
            "ALL" => permissions.extend(Permission::ALL.iter().copied()),
            name => {
                permissions.insert(name.parse().map_err(|it| format!("--permission: {it}"))?);
            }
        }
    }
    Ok(permissions)
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
