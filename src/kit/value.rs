//! Values for a template's parameters, and where they come from.

/// A value for a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value<'a> {
    /// The parameter's name.
    pub name: &'a str,
    /// The default that it gets.
    pub text: String,
    /// Where the value comes from.
    pub from: Source,
}

/// Where a value comes from, and so where to change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// This key of the settings.
    Setting(&'static str),
    /// This option of the command line.
    Option(&'static str),
    /// `--parameter`.
    Parameter,
}

/// Values that `--parameter` gives.
pub(super) fn given(parameters: &[(String, String)]) -> impl Iterator<Item = Value<'_>> {
    parameters.iter().map(|(name, text)| Value {
        name,
        text: text.clone(),
        from: Source::Parameter,
    })
}
