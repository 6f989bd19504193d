-- Sends the requests of a plan (a Lua file that returns them as texts) in turn, and prints the result as JSON.
-- wrk ... -s wrk.lua URL -- PLAN

local requests
local place = 0

function init(args)
  requests = dofile(args[1])
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
