//! The host that a region's data channels are opened on.

use crate::aws::{Aws, Service};
use crate::channel::Destination;
use crate::names::Region;

/// Dials the host that a region's data channels are opened on, while StartSession is under way.
/// Nothing is sent on it before a stream URL has named that host.
pub(crate) fn dial_ahead(aws: &Aws, region: &Region) {
    let destination = destination(aws, region);
    // With an SSM endpoint on this machine, only the stream URL tells where the channel is.
    if !destination.loopback || destination.endpoint.is_some() {
        let usual = destination.usual(region.as_str());
        aws.dialer().dial_ahead(usual.url());
    }
}

/// Drops what was dialled for a session that did not start.
pub(crate) fn hang_up(aws: &Aws, region: &Region) {
    let usual = destination(aws, region).usual(region.as_str());
    aws.dialer().hang_up(usual.url());
}

/// Which host the data channels of a region are opened on.
pub(crate) fn destination(aws: &Aws, region: &Region) -> Destination {
    let kind = aws.endpoint_kind();
    // An endpoint that does not serve the region has been refused before StartSession.
    let endpoint = aws.endpoints().channel(region).ok().flatten();
    Destination {
        loopback: aws.endpoints().of(Service::Ssm).is_some(),
        endpoint: endpoint.map(|endpoint| endpoint.url().clone()),
        fips: kind.fips.on,
        dual_stack: kind.dualstack.on,
    }
}
