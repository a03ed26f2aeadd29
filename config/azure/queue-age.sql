SELECT COALESCE(EXTRACT(EPOCH FROM now() - min(run_at)), 0)::float8 FROM deliveries WHERE state = 'waiting' AND run_at <= now()
