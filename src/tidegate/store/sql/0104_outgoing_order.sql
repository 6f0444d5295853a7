-- The next draft of a long queue is found without sorting the queue: link words first, then messages, each in order.
create index outgoing_drafts on node.outgoing (partner_id, (agreement_id is not null), coalesce(rank, place), place)
  where state = 'queued';
create index outgoing_fixed on node.outgoing (partner_id, sequence) where state = 'sealed';
