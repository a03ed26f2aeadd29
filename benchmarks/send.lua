-- Sends prepared requests from a file, each once: wrk ... -s send.lua URL -- FILE FIRST
-- The last line of the output is what was measured, as JSON.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local path, first = arguments[1], tonumber(arguments[2])
  file = io.open(path, "rb")
  lengths = {}
  for line in io.lines(path .. ".lengths") do
    table.insert(lengths, tonumber(line))
  end
  local skipped = 0
  for place = 1, first do
    skipped = skipped + lengths[place]
  end
  file:seek("set", skipped)
  place, sent, rewound = first, 0, 0
end

function request()
  if place == #lengths then
    file:seek("set", 0)
    place, rewound = 0, rewound + 1
  end
  place, sent = place + 1, sent + 1
  return file:read(lengths[place])
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"answers": %d, "refused": %d, "broken": %d, "seconds": %f, "p50": %f, "p99": %f, "sent": %d, "rewound": %d}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    threads[1]:get("sent"), threads[1]:get("rewound")
  ))
end
