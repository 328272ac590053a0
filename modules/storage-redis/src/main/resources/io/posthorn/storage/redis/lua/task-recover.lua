-- A step of a task that tries failed deliveries once more. ARGV: 7 lowest message | 8 highest
return run(function(q)
  local found = call('ZRANGEBYLEX', P .. 'j:' .. id, ARGV[7], ARGV[8], 'LIMIT', 0, most)
  for _, message in ipairs(found) do
    scanned, cursor = scanned + 1, message
    local attempts = string.match(call('HGET', P .. 'd:' .. message, id) or '', '^F (%d+) ')
    local _, sendable = stored_head(message)
    if attempts and sendable then
      count(q, 'f', -1)
      changed_unseen(id)
      put_back_now(q, message, attempts, 'm')
    end
  end
  return #found < most
end)
