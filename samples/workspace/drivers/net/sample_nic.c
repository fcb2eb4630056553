// SPDX-License-Identifier: GPL-2.0-only
/* A driver: percpu memory once per device, at probe. Rare, so there is nothing to say about it. */
#include <linux/percpu.h>
#include <net/sample_stats.h>

struct sample_nic_stats {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u32 sync;
};

struct sample_nic {
	struct sample_nic_stats __percpu *stats;
	u32 __percpu *irq_count;
};

static int sample_nic_probe(struct platform_device *pdev)
{
	struct sample_nic *nic = devm_kzalloc(&pdev->dev, sizeof(*nic), GFP_KERNEL);

	if (!nic)
		return -ENOMEM;
	nic->stats = devm_alloc_percpu(&pdev->dev, struct sample_nic_stats);
	if (!nic->stats)
		return -ENOMEM;
	nic->irq_count = devm_alloc_percpu(&pdev->dev, u32);
	if (!nic->irq_count)
		return -ENOMEM;
	platform_set_drvdata(pdev, nic);
	return 0;
}

static struct platform_driver sample_nic_driver = {
	.probe = sample_nic_probe,
};
module_platform_driver(sample_nic_driver);

/* A wrapper in a header: the call there is made for every device that comes up. */
static int sample_nic_init(struct net_device *dev)
{
	dev->stats = packet_stats_alloc();
	return dev->stats ? 0 : -ENOMEM;
}

static void sample_nic_uninit(struct net_device *dev)
{
	free_percpu(dev->stats);
}

static const struct net_device_ops sample_nic_ops = {
	.ndo_init = sample_nic_init,
	.ndo_uninit = sample_nic_uninit,
};
