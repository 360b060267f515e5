//! Asks the evaluator, records what it decided, and says no in the words of the service.

use super::Call;
use crate::clock;
use crate::iam::{self, Context};
use crate::server::answer::{Refusal, Service};
use crate::trail::Decided;

impl Call<'_> {
    /// Lets the caller's policies decide an action on a resource of the caller's own account.
    pub(crate) fn authorize(
        &mut self,
        action: &str,
        resource: &str,
        extra: Context,
    ) -> Result<(), Refusal> {
        let account = self.caller.account.clone();
        let request = self.request(action, resource, &account, extra);
        self.decide(&request, None)
    }

    /// Lets the caller's policies and the policy of the resource decide, and records what decided.
    pub(crate) fn decide(
        &mut self,
        request: &iam::Request,
        trust: Option<&iam::Policy>,
    ) -> Result<(), Refusal> {
        let decision = iam::decide_within(
            request,
            &self.caller.policies,
            trust,
            self.caller
                .session
                .as_ref()
                .and_then(|session| session.policy.as_ref()),
            self.caller.boundary.as_ref(),
        );
        self.decisions.push(Decided {
            action: request.action.clone(),
            resource: request.resource.clone(),
            effect: format!("{:?}", decision.effect),
            policy: decision.policy.clone(),
            sid: decision.sid.clone(),
        });
        if decision.is_allowed() {
            Ok(())
        } else {
            Err(self.denied(request, &decision))
        }
    }

    /// A request to the evaluator, with the keys that every call carries and those of this one.
    pub(crate) fn request(
        &self,
        action: &str,
        resource: &str,
        account: &str,
        mut context: Context,
    ) -> iam::Request {
        self.caller.describe(&mut context);
        context
            .set("aws:RequestedRegion", &self.region)
            .set("aws:SourceIp", self.source.to_string())
            .set("aws:SecureTransport", self.shared.secure.to_string())
            .set("aws:CurrentTime", clock::extended(self.now))
            .set("aws:EpochTime", format!("{:.0}", clock::epoch(self.now)));
        iam::Request {
            principal: self.caller.arn.clone(),
            action: format!("{}:{action}", self.service.prefix()),
            resource: resource.to_owned(),
            account: account.to_owned(),
            context,
        }
    }

    /// The refusal for a decision, in the words of the service.
    pub(crate) fn denied(&self, request: &iam::Request, decision: &iam::Decision) -> Refusal {
        let sentence = decision.denial(request);
        match self.service {
            Service::Sts => Refusal::new(403, "AccessDenied", sentence),
            Service::Ec2 => {
                // Actions without resources are denied without naming one.
                let sentence = sentence.replacen(" on resource: *", "", 1);
                let text = format!("You are not authorized to perform this operation. {sentence}");
                Refusal::new(403, "UnauthorizedOperation", text)
            }
            Service::Ssm | Service::Kms => Refusal::new(400, "AccessDeniedException", sentence),
            Service::Channel => Refusal::new(403, "AccessDeniedException", sentence),
        }
    }
}
