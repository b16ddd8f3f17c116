# What all configs share: hooks, logging, distribution, drawing.
default_scope = 'mmdet'
custom_imports = dict(imports=['epsnet_mm'], allow_failed_imports=False)

default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=50),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(
        type='AtomicCheckpointHook',
        interval=1,
        max_keep_ckpts=3,
        save_best='coco_panoptic/PQ',
        rule='greater',
    ),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    stop_on_signal=dict(type='StopOnSignalHook'),
    iteration_seed=dict(type='IterationSeedHook'),
    history=dict(type='BoundedHistoryHook'),
    statistics=dict(type='SyncStatisticsHook'),
    visualization=dict(type='PanopticVisualizationHook', score_thr=0.0),
    # These stop the run where config, data, weights or ops do not fit. They are
    # here because a config that sets `custom_hooks` replaces the whole list.
    class_check=dict(type='PanopticClassCheckHook'),
    checkpoint_check=dict(type='CheckpointCheckHook'),
    nms_check=dict(type='NMSCheckHook'),
)

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    # Without a GPU the tools replace the backend by gloo. After so many seconds a
    # process stops waiting for one that does not answer.
    dist_cfg=dict(backend='nccl', timeout=600),
)

vis_backends = [dict(type='LocalVisBackend')]
visualizer = dict(
    type='EPSNetPanopticVisualizer', vis_backends=vis_backends, name='visualizer'
)
log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True)

log_level = 'INFO'
load_from = None
resume = False
