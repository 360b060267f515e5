//! Calls to AWS: one HTTPS client, checked endpoint overrides, and failures sorted by meaning.
//! An endpoint that is neither AWS's nor on this machine is refused.

mod authorities;
mod client;
mod clock;
mod denial;
mod endpoint;
mod endpoint_kind;
mod failure;
mod found;
mod general;
pub(crate) mod grant;
mod http;
mod pool;
mod proxy_url;
mod said;
mod service;
mod setup_error;
mod shared_files;
mod sort;
mod whole;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::os_shim_internal::Env;
use tokio::sync::Mutex;
use url::Url;

pub(crate) use authorities::Authorities;
pub(crate) use clock::Clock;
pub(crate) use denial::{Cause, Keeper};
pub(crate) use endpoint::Endpoints;
pub(crate) use endpoint_kind::EndpointKind;
pub(crate) use failure::{Failure, FailureKind, WRONG_PASSWORD};
pub(crate) use found::Found;
pub(crate) use general::General;
pub(crate) use grant::AllowStatement;
pub(crate) use said::{chain, plain, shown, untrusted};
pub(crate) use service::Service;
pub(crate) use setup_error::SetupError;
pub(crate) use shared_files::{Section, SharedFiles};

use crate::dial::{Dialer, Proxy};
use crate::names::Region;
use crate::os::Os;
use crate::settings::{Base, Customer, Vendor};

/// The time limit for one attempt, until the answer begins.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(10);
/// The time limit for a call with all its attempts.
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// Attempts at a call that may be repeated, with the SDK's standard back-off.
const ATTEMPTS: u32 = 5;
/// The longest pause before the first retry; each further retry doubles it.
/// A person waits while the network is down, so it is short.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// The connections to AWS of one process, one for each base identity.
#[derive(Debug, Default)]
pub(crate) struct Shared(Mutex<Vec<(Base, Aws)>>);

impl Shared {
    /// The connection of a vendor: the one that is there, or a new one.
    pub(crate) async fn of(&self, vendor: &Vendor, os: &Os) -> Result<Aws, SetupError> {
        let mut all = self.0.lock().await;
        if let Some((_, aws)) = all.iter().find(|(base, _)| *base == vendor.base) {
            return Ok(aws.clone());
        }
        let aws = Aws::beside(&all, &vendor.base, os).await?;
        all.push((vendor.base.clone(), aws.clone()));
        Ok(aws)
    }
}

/// The connection to AWS for one vendor, made once before the first call.
#[derive(Debug, Clone)]
pub(crate) struct Aws {
    http_client: SharedHttpClient,
    http: http::Http,
    endpoints: Endpoints,
    general: Arc<General>,
    clock: Clock,
    /// What this customer's next calls go to.
    expected: Arc<std::sync::Mutex<Vec<Url>>>,
}

impl Aws {
    /// Reads the profile files and the variables for trust store and proxy, without any call.
    pub(crate) async fn new(vendor: &Vendor, os: &Os) -> Result<Self, SetupError> {
        Self::beside(&[], &vendor.base, os).await
    }

    /// The same for another base identity of the same process.
    /// It shares connections, trust store and clock with one of `others` that trusts the same
    /// authorities.
    async fn beside(others: &[(Base, Self)], base: &Base, os: &Os) -> Result<Self, SetupError> {
        let general = General::read(base, os)?;
        let mut others = others.iter().map(|(_, other)| other);
        let (http, clock) = match others.find(|it| *it.authorities() == general.authorities) {
            Some(other) => (other.http.clone(), other.clock.clone()),
            None => (http::Http::new(&general.authorities, os)?, Clock::new(os)),
        };
        let profiles = shared_files::profile_set(&general.files).await?;
        Ok(Self {
            http_client: client::shared(&http, &general.endpoint_kind),
            endpoints: Endpoints::find(&environment(os), &profiles, general.ignores_endpoints)?,
            general: Arc::new(general),
            http,
            clock,
            expected: Arc::default(),
        })
    }

    /// The same with a customer's own endpoints.
    pub(crate) fn for_customer(mut self, customer: &Customer) -> Self {
        self.endpoints = self.endpoints.under(&customer.name, &customer.endpoints);
        self.expected = Arc::default();
        self
    }

    /// A client configuration for `service` in `region` with these credentials.
    pub(crate) fn config(
        &self,
        service: Service,
        region: &Region,
        credentials: Credentials,
    ) -> SdkConfig {
        let mut builder = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(self.http_client.clone())
            .time_source(self.clock.clone())
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
                TokioSleep::new(),
            ))
            .region(aws_types::region::Region::new(region.as_str().to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(ATTEMPTS)
                    .with_initial_backoff(FIRST_PAUSE),
            )
            .timeout_config(time_limits());
        match self.endpoints.of(service) {
            // The override wins, as in aws-cli; the SDK refuses both together.
            Some(url) => builder.set_endpoint_url(Some(url.to_owned())),
            None => builder
                .set_use_fips(Some(self.general.endpoint_kind.fips.on))
                .set_use_dual_stack(Some(self.general.endpoint_kind.dualstack.on)),
        };
        builder.set_app_name(AppName::new("vendor-ssm").ok());
        builder.build()
    }

    /// The settings for the SDK's providers of base identities: HTTPS client and region.
    pub(crate) fn provider_config(&self, region: &Region) -> ProviderConfig {
        ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_region(Some(aws_types::region::Region::new(
                region.as_str().to_owned(),
            )))
            .with_use_fips(Some(self.general.endpoint_kind.fips.on))
            .with_use_dual_stack(Some(self.general.endpoint_kind.dualstack.on))
            .with_http_client(self.http_client.clone())
            .with_sleep_impl(TokioSleep::new())
            .with_timeout_config(time_limits())
    }

    /// The profiles of `~/.aws/config` and `~/.aws/credentials`.
    pub(crate) fn profiles(&self) -> &SharedFiles {
        &self.general.files
    }

    /// The region whose STS assumes the roles.
    /// In order: the setting, the profile's region, `AWS_REGION`, the partition's first region. The
    /// profile's region and `AWS_REGION` count only in the vendor role's partition: STS in another
    /// one does not know the role.
    pub(crate) fn sts_region(&self, vendor: &Vendor) -> Region {
        let partition = vendor.role_arn.partition();
        let in_partition = |region: &Region| region.partition() == partition;
        let found = |found: &Option<Found<Region>>| {
            let region = found.as_ref().map(|found| found.value.clone());
            region.filter(in_partition)
        };
        vendor
            .sts_region
            .clone()
            .or_else(|| found(&self.general.profile_region))
            .or_else(|| found(&self.general.region_variable))
            .unwrap_or_else(|| partition.first_region())
    }

    /// One line for a person, if a region that is set cannot serve the vendor role.
    pub(crate) fn region_notice(&self, vendor: &Vendor) -> Option<String> {
        if vendor.sts_region.is_some() {
            return None;
        }
        let general = &self.general;
        let found = general.profile_region.as_ref();
        let found = found.or(general.region_variable.as_ref())?;
        let (of, role) = (found.value.partition(), vendor.role_arn.partition());
        (of != role).then(|| {
            format!(
                "{} is {}, in partition {}; the vendor role is in {}, so STS is asked in {}",
                found.set_by,
                found.value,
                of.name(),
                role.name(),
                self.sts_region(vendor)
            )
        })
    }

    /// The clock for signatures.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The endpoint overrides in force.
    pub(crate) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The kind of endpoint that is asked for where no override is in force.
    pub(crate) fn endpoint_kind(&self) -> &EndpointKind {
        &self.general.endpoint_kind
    }

    /// One line that names the services with an overridden endpoint, for a person.
    /// An override wins over the kind of endpoint that is asked for, as in aws-cli.
    pub(crate) fn notice(&self) -> Option<String> {
        let notice = self.endpoints.notice()?;
        let kind = self.endpoint_kind();
        Some(match kind.set_by()[..] {
            [] => notice,
            ref set_by => format!("{notice}; {} does not apply there", set_by.join(" and ")),
        })
    }

    /// The proxy for a service in a region, without user and password.
    pub(crate) fn proxy_to(&self, service: Service, region: &Region) -> Option<String> {
        self.http.proxy_of(self.url(service, region)?.as_str())
    }

    /// Dials with the same trust store and proxy, for connections outside the SDK too.
    pub(crate) fn dialer(&self) -> &Dialer {
        self.http.dialer()
    }

    /// The proxy on the way to this URL.
    pub(crate) fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.http.proxy(url)
    }

    /// Notes that the next calls go to this service. [`Aws::dial_expected`] dials it.
    pub(crate) fn expect(&self, service: Service, region: &Region) {
        self.expected().extend(self.url(service, region));
    }

    /// Dials what the next calls need, side by side with a call that is about to be sent.
    /// From here on no person is waited for, and the base identity is settled.
    pub(crate) fn dial_expected(&self) {
        let expected = std::mem::take(&mut *self.expected());
        self.dialer().dial_soon(expected);
    }

    /// Where this service is asked in this region.
    fn url(&self, service: Service, region: &Region) -> Option<Url> {
        let own = || format!("https://{}/", self.endpoint_kind().host(service, region));
        let url = self.endpoints.of(service);
        Url::parse(&url.map_or_else(own, str::to_owned)).ok()
    }

    fn expected(&self) -> std::sync::MutexGuard<'_, Vec<Url>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a CA bundle is set; the plugin's websocket ignores it.
    pub(crate) fn has_ca_bundle(&self) -> bool {
        matches!(self.authorities(), Authorities::Bundle(_))
    }

    /// Which authorities are trusted.
    pub(crate) fn authorities(&self) -> &Authorities {
        &self.general.authorities
    }
}

fn time_limits() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(pool::CONNECT_LIMIT)
        .read_timeout(ATTEMPT_LIMIT)
        .operation_attempt_timeout(ATTEMPT_LIMIT)
        .operation_timeout(CALL_LIMIT)
        .build()
}

/// The environment for the SDK's readers. They too treat an empty variable as unset.
fn environment(os: &Os) -> Env {
    let variables: HashMap<String, String> = os
        .variables()
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    variables.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sts_region(vendor_role: &str, variables: [(&str, &str); 3]) -> String {
        let vendor = Vendor {
            base: Base::DefaultChain,
            role_arn: vendor_role.parse().unwrap(),
            role_session_name: None,
            source_identity: None,
            mfa_serial: None,
            sts_region: None,
            duration_seconds: 3600,
        };
        let aws = Aws::new(&vendor, &Os::with_environment(variables)).await;
        aws.unwrap().sts_region(&vendor).to_string()
    }

    #[tokio::test]
    async fn the_vendor_role_is_asked_for_in_its_own_partition() {
        let directory = tempfile::tempdir().unwrap();
        let config = directory.path().join("config");
        std::fs::write(&config, "[default]\nregion = eu-west-1\n").unwrap();
        let role = "arn:aws:iam::111111111111:role/V";
        let role_in_china = "arn:aws-cn:iam::111111111111:role/V";
        // An empty AWS_PROFILE does not name a profile.
        let variables = [
            ("AWS_CONFIG_FILE", config.to_str().unwrap()),
            ("AWS_PROFILE", ""),
            ("AWS_REGION", "cn-northwest-1"),
        ];
        assert_eq!(sts_region(role, variables).await, "eu-west-1");
        assert_eq!(sts_region(role_in_china, variables).await, "cn-northwest-1");
        let variables = [
            ("AWS_CONFIG_FILE", config.to_str().unwrap()),
            ("AWS_ENDPOINT_URL_STS", ""),
            ("AWS_REGION", "eu-west-1"),
        ];
        assert_eq!(sts_region(role_in_china, variables).await, "cn-north-1");
    }
}
